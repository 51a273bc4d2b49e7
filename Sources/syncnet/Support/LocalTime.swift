import Foundation

/// A moment where the person is.
struct LocalTime {
    /// The year, month and day; empty where the moment makes no sense.
    let date: String
    private let time: String

    /// The moment that a sender claims, which makes no sense before there was any SyncNet, or
    /// more than a day from now.
    init(claimed seconds: Double) {
        let year2020 = 1_577_836_800.0
        // Where this machine's own clock makes no sense, nobody is late.
        let latest = max(Date().timeIntervalSince1970, year2020) + 86_400
        self.init(seconds >= year2020 && seconds <= latest ? seconds : .nan)
    }

    /// The moment of so many seconds since 1970.
    init(_ seconds: Double) {
        guard seconds.isFinite, abs(seconds) < 1e11 else {
            (date, time) = ("", "--:--:--")
            return
        }
        var moment = time_t(seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        let pad = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
        date = "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
        time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(pad).joined(separator: ":")
    }

    /// Date and time of day, without seconds.
    var minute: (date: String, time: String) { (date, String(time.prefix(5))) }

    /// All of it.
    var text: String { date.isEmpty ? time : "\(date) \(time)" }
}
