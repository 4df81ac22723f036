/** NMEA 0183 allows 82 characters; receivers' own sentences and loggers' prefixes take more. */
export const MAX_NMEA_LINE_BYTES = 4096;

/** gpsd's own bound is 10,240 bytes (GPS_JSON_RESPONSE_MAX); others that write its format keep none. */
export const MAX_GPSD_LINE_BYTES = 256 * 1024;
