/** `camfence.yaml` as `camfence init` writes it: every setting with what it means; values are the defaults where there are any. */
export const SAMPLE_CONFIG = `# camfence.yaml: how camfence guards this vehicle.
# Relative paths count from this file's folder. Check changes with: camfence run --config camfence.yaml --check

# Where the vehicle's position comes from.
sources:
  position:
    # kind: gpsd | nmea-serial | nmea-tcp | nmea-udp | nmea-stdin | kuksa
    kind: gpsd
    host: 127.0.0.1
    port: 2947
    # device: /dev/ttyS0       # which of gpsd's devices; absent = the first that speaks
    # kind: nmea-serial has    path: /dev/ttyUSB0 and baud: 9600 instead of host and port
    # kind: nmea-tcp and nmea-udp have host and port; nmea-stdin has neither
    # kind: kuksa has          host, port: 55555, time: leaf | stamp, speed: true (follows the wheels, too), caFile, tokenFile
    # missingChecksum: refuse  # nmea-…: sentences without a checksum may be cut off: refuse | accept
    clock: utc                 # utc: this computer's clock is right (chrony, PTP); arrival: for replays on a bench
    maxLagMs: 1000             # a fix that comes later than this after its own time counts as none
    epochPauseMs: 100          # a pause that ends an epoch of several messages
    silentAfterMs: 5000        # without a report for so long the link is opened again
    maxBackOffMs: 10000        # longest pause before that
    maxBytesPerS: 1048576      # more than this is read later

# The cameras. A stalled or dead one is started again, and is seen in health and metrics.
cameras:
  - id: front
    yawDeg: 0                  # where it looks, clockwise from straight ahead
    hfovDeg: 100               # horizontal field of view; 360 = all round
    # rangeM: 150              # how far it can show a site recognisably; absent = as far as the zone's viewM
    kind: exterior             # exterior | cabin (looks inside: dropped, see policy.gate.cabin)
    source:
      # kind: v4l2 | rtsp | file | test | ffmpeg | folder | stdin
      # test is ffmpeg's moving test picture, for a first try. A real camera:
      #   kind: v4l2       device: /dev/video0, widthPx, heightPx, fps
      #   kind: rtsp       url: rtsp://…, transport: tcp | udp, widthPx, heightPx
      #   kind: file       path: drive.mkv, loop: true; played as if it were taken now
      #   kind: ffmpeg     input: ["-f", "lavfi", "-i", "testsrc"], clock: stream | arrival; any other input of ffmpeg
      #   kind: folder     path: images, fps: 10; JPEG files in turn
      #   kind: stdin      pictures one after the other on standard input
      kind: test
      pictures: encoded-jpeg   # jpeg: the camera's own, untouched; encoded-jpeg, nv12: decoded, and made by ffmpeg
      widthPx: 1280
      heightPx: 960
      fps: 10
      latencyMs: 0             # from mid-exposure to arrival: film a clock to measure it (v4l2 30, rtsp 100)

# Where the zone files are: files, and folders of .geojson files; all together are one set. Changes are taken over at
# once; a broken or half-written file keeps the last good set, and says so. SIGHUP reads them again.
zones:
  paths: [zones]
  settleMs: 500                # a change counts when nothing has changed any more for so long
  pollMs: 10000                # how often the files are looked at anew, where the system does not tell of changes
  # updates:                   # a signed roll-out instead of paths (camfence zones publish)
  #   url: https://zones.example/   # the repository, which has metadata/ and targets/
  #   rootFile: 1.root.json    # what came with the vehicle, and is trusted
  #   area: cn                 # whose zones
  #   store: zone-store        # what is in force: camfence zones status zone-store
  #   vehicle: "0042"          # for canary groups; absent = in none
  #   identityFile: zones.key  # age identities that open encrypted sets
  #   intervalMinutes: 60      # how often the repository is asked, more or less by jitter: 0.2
  #   firstRetryS: 10          # after a failure; doubles up to the interval
  #   maxZoneAgeDays: 30       # since it last vouched for the set: then zones reach staleMarginM: 500 farther
  #   closeZoneAgeDays: 60     # then every frame is dropped

# How the gate decides. Every default errs towards dropping.
policy:
  positioning:
    maxFixAgeMs: 1500          # a fix older than this says nothing any more
    confidence: 0.9999         # that the vehicle is within the reach
    assumedAccuracyM: 15       # 95 % radius, where the receiver states none
    maxAccuracyM: 100          # a fix that claims a worse one is no use
    speedErrorMps: 1           # error of a stated speed and course
    maxSpeedMps: 70            # fastest that the vehicle can go
    maxAccelerationMps2: 10    # in any direction
    clockErrorMs: 50           # by how much the clocks of cameras and receiver may differ
    agreeFixes: 3              # so many fixes must agree before the first is believed
    maxGapMs: 30000            # after a longer silence they must agree again
    allowSimulated: false      # fixes of a simulator: on a test bench only
    maxReverseMps: 8           # below this speed it may be reversing
    minTurnRadiusM: 4.5        # smallest turning circle
    axleToAntennaM: 2          # from the rear axle to the antenna
    wheelErrorRatio: 0.1       # by how much wheel speeds may be wrong (kuksa)
    wheels: doubt              # doubt: wheels can only close the gate; bound: they also bound where the vehicle may be
  gate:
    exitFixes: 3               # a restriction ends after so many fixes clear of it
    marginM: 30                # and up to this much farther out, at random
    # seed: 1                  # repeatable margins, for tests only
    cabin: drop                # cameras that look inside: drop | judge
    maxFrameAgeMs: 5000        # an older frame is late
    holdMs: 0                  # a frame waits so long for the next fix, which tells more
    maxRedactionMs: 2000       # a frame that takes longer is dropped
    maxQueuedFrames: 32        # that wait in a camera's queue
  redaction:
    mode: mosaic               # mosaic | solid
    cells: 24                  # along the long side
    lumaBits: 4                # kept of a cell's brightness
    chromaBits: 3              # kept of each of its two colour values
    refreshMs: 1000            # for which one mosaic stands
    keepMetadata: false        # EXIF and the like of passed frames
    codedVideo: drop           # what blur does to H.264: drop | grey
    originals: caller          # caller | policy: overwrite originals of what is not released
    maxPixels: 67108864        # of a JPEG that is decoded

# What is kept, where it goes, and how it is accounted for.
storage:
  vehicle: vehicle-1           # named in every segment
  folder: data                 # sealed segments, ledger and upload state; one process at a time
  # A key is in a file (mode 600), in systemd's keeping (credential: NAME), or in an environment variable (variable: NAME).
  deviceKey: { file: device.key }   # seals what the vehicle reads again: never frames
  ledgerKey: { file: ledger.key }   # signs the ledger; its public half is for those who verify it
  # Data centres, by region of the zone files; what \`camfence ingest keygen\` prints. A frame leaves for its own region only.
  regions: []
  #  - id: cn
  #    endpoint: https://ingest.example/
  #    recipient: age1…
  #    receiptKey: ed25519:…
  #    tokenFile: cn.token     # the access token
  #    pin: …                  # SHA-256 of the endpoint's public key, base64
  #    caFile: ca.pem          # authorities that its certificate may come from
  holdRecipient: null          # age recipient of frames of no region: kept, never sent; null = they are not kept
  buffer:
    maxBytes: 34359738368      # of all files together
    minFreeBytes: 536870912    # that stay free for others
    whenFull: refuse-new       # refuse-new | delete-oldest
    retention: [oldest]        # what goes first: oldest, held, recovered, largest
    maxSegmentMs: 10000        # a segment holds frames of at most so long a time
    maxSegmentBytes: 1073741824
    flushMs: 500               # what a killed process loses at most
    maxQueuedBytes: 67108864   # that wait for the disk; more is lost
  upload:
    # maxBytesPerSecond: 1000000   # over all regions; absent = without a bound
    firstRetryMs: 1000         # doubles with each failure
    maxRetryMs: 300000
    pollMs: 1000               # how often an empty queue looks for new segments
    silenceMs: 120000          # longest silence of a receiver
  ledger:
    checkpointMinutes: 1       # from one signature to the next
    maxFileBytes: 8388608

# Prometheus metrics (/metrics) and health (/health), on this machine only.
metrics:
  host: 127.0.0.1
  port: 9480                   # 0 = a free one

log:
  level: info                  # debug | info | warn | error; JSON lines on stdout, never with positions

# After SIGTERM the gate is closed at once.
stop:
  sendForMs: 0                 # what is ready goes on being sent for so long
  withinMs: 8000               # then what is open is sealed and the ledger signed, within so long

ffmpeg: ffmpeg                 # the program
`;
