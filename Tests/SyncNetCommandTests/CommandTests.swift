import Testing

/// Everything here runs the release build of the command as people do, with real processes
/// on loopback: one test at a time, since each of them needs the machine's time.
@Suite(
    .serialized,
    .enabled(if: Place.isBuilt, "needs swift build -c release --product syncnet first"))
struct CommandTests {}
