/**
 * Every sealed chunk is memory outside V8's heap, which it frees only with what little stands for it inside: a small young
 * generation does so often and in passing (a fifth of the processor time of sealing, measured).
 */
export const NODE_OPTIONS = "--max-semi-space-size=1";

/** A systemd unit for `camfence run`; `folder` is where camfence.yaml is, `command` how camfence is called. */
export function unitFile(folder: string, command: string): string {
  return `# Install: cp camfence.service /etc/systemd/system/ && systemctl enable --now camfence
# Check: systemd-analyze security camfence
[Unit]
Description=camfence: keeps the cameras from recording what they must not
Wants=time-sync.target
After=time-sync.target gpsd.service
StartLimitIntervalSec=0

[Service]
Type=notify
# systemd-notify tells systemd for us, as a process of its own.
NotifyAccess=all
WatchdogSec=20
Restart=always
RestartSec=2
TimeoutStopSec=15
Environment=NODE_OPTIONS=${NODE_OPTIONS}
ExecStart=${command} run --config ${folder}/camfence.yaml
ExecReload=/bin/kill -HUP $MAINPID

DynamicUser=yes
# Cameras and serial lines.
SupplementaryGroups=video dialout
DeviceAllow=char-video4linux rw
DeviceAllow=char-ttyUSB rw
DeviceAllow=char-ttyACM rw
DevicePolicy=closed
# storage.folder: /var/lib/camfence, deviceKey: { credential: device-key }, ledgerKey: { credential: ledger-key }
StateDirectory=camfence
StateDirectoryMode=0700
LoadCredential=device-key:${folder}/device.key
LoadCredential=ledger-key:${folder}/ledger.key

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateIPC=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# V8 guards its code with memory keys; ffmpeg's libraries ask for memory near a processor.
SystemCallFilter=@pkey mbind set_mempolicy
SystemCallErrorNumber=EPERM
UMask=0077
# No core dump: it would hold pixels. MemoryDenyWriteExecute stays off: JavaScript is compiled while it runs.
LimitCORE=0
MemorySwapMax=0
MemoryMax=1G
TasksMax=256

[Install]
WantedBy=multi-user.target
`;
}
