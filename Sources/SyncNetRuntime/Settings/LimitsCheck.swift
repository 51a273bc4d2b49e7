import SyncNetProtocol

/// Finds limits with which no cluster could work, or none as its operator means it.
enum LimitsCheck {
    /// A client's session has a name, too, of up to 47 bytes.
    static let nameBytesMin = 64
    private static let millions = 1 << 24

    /// By the names that files and flags have for them: at least and at most so much.
    private static func ranges(
        of limits: Limits
    ) -> [(name: String, value: Int, range: ClosedRange<Int>)] {
        [
            // A text has to fit into a line.
            ("text_bytes", limits.textBytes, 64...Limits.lineBytesMax - 1),
            ("name_bytes", limits.nameBytes, nameBytesMin...4_096),
            ("page_default", limits.pageDefault, 1...10_000),
            ("page_max", limits.pageMax, 1...10_000),
            ("session_window", limits.sessionWindow, 8...65_536),
            ("sessions", limits.sessions, 16...millions),
            ("connections", limits.connections, 4...millions),
            ("subscriptions", limits.subscriptions, 1...millions),
            ("rooms", limits.rooms, 1...millions),
            ("room_members", limits.roomMembers, 1...millions),
            ("waiting", limits.waiting, 16...millions),
            ("uncommitted", limits.uncommitted, 16...millions),
            ("append_entries", limits.appendEntries, 1...millions),
            ("append_bytes", limits.appendBytes, 1_024...1 << 23),
            ("appends_in_flight", limits.appendsInFlight, 1...1_024),
            ("unstored", limits.unstored, 1...millions),
            ("cached_entries", limits.cachedEntries, 1...millions),
            ("accounts", limits.accounts, 1...millions),
            ("password_bytes", limits.passwordBytes, 8...4_096),
            ("password_jobs", limits.passwordJobs, 1...65_536),
            ("login_tries", limits.loginTries, 1...1_000),
        ]
    }

    static func problems(of limits: Limits) -> [SettingsProblem] {
        var problems = ranges(of: limits).filter { !$0.range.contains($0.value) }.map {
            SettingsProblem(
                subject: "limits.\($0.name)",
                text: "\($0.name) is \($0.value), but has to be from \($0.range.lowerBound) to "
                    + "\($0.range.upperBound)")
        }
        if limits.pageDefault > limits.pageMax {
            problems.append(
                SettingsProblem(
                    subject: "limits.page_default",
                    text: "the default page \(limits.pageDefault) is above the largest one "
                        + "\(limits.pageMax): lower page_default"))
        }
        return problems
    }
}
