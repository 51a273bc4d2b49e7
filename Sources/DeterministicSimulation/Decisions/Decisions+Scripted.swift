public import StateMachine

/// Choices that are recorded, or played back.
extension Decisions {
    /// Names what is sent from now on: the next message of its sort between two nodes. The
    /// count goes on whatever becomes of them, so a loss does not rename what follows.
    mutating func speak(of label: StaticString, _ node: NodeID, _ other: NodeID) {
        let point = DecisionPoint(.messageNumber, node, other)
        let number = script.count(point, DecisionSubject(label))
        subject = DecisionSubject(label, UInt64(number))
    }

    @usableFromInline
    mutating func scripted(
        _ point: DecisionPoint, in range: ClosedRange<UInt64>,
        _ form: (UInt64) -> Decision.Value
    ) -> UInt64 {
        guard script.mode == .playback else {
            let value = plain(point, in: range)
            keep(point, value == range.lowerBound ? nil : form(value))
            return value
        }
        return answer(point, unnamed: range.lowerBound) { value, _ in
            guard let number = Self.raw(value), range.contains(number) else { return nil }
            return number
        }
    }

    @usableFromInline
    mutating func scriptedPause(
        _ point: DecisionPoint, from now: Instant, in range: ClosedRange<Interval>
    ) -> Interval {
        let least = range.lowerBound
        guard script.mode == .playback else {
            let pause = draw(plainly: point, in: range)
            keep(point, pause == least ? nil : .moment(now + pause))
            return pause
        }
        let moment = answer(point, unnamed: (now + least).nanoseconds) { value, _ in
            // Longer than the range is legal: what came in between was left out.
            guard case .moment(let moment) = value, moment >= now + least else { return nil }
            return moment.nanoseconds
        }
        return Interval(nanoseconds: moment - now.nanoseconds)
    }

    private mutating func draw(
        plainly point: DecisionPoint, in range: ClosedRange<Interval>
    ) -> Interval {
        Interval(
            nanoseconds: plain(
                point, in: range.lowerBound.nanoseconds...range.upperBound.nanoseconds))
    }

    @usableFromInline
    mutating func scriptedChance(_ point: DecisionPoint, perMillion: UInt32) -> Bool {
        guard script.mode == .playback else {
            let isTrue = plainChance(point, perMillion: perMillion)
            keep(point, isTrue && perMillion < 1_000_000 ? .yes : nil)
            return isTrue
        }
        let unnamed: UInt64 = perMillion < 1_000_000 ? 0 : 1
        return answer(point, unnamed: unnamed) { value, _ in
            value == .yes && perMillion > 0 ? 1 : nil
        } == 1
    }

    @usableFromInline
    mutating func scriptedRow(
        _ point: DecisionPoint, perMillion: UInt32, most: UInt64
    ) -> UInt64 {
        guard script.mode == .playback else {
            let count = plainRow(point, perMillion: perMillion, most: most)
            keep(point, count == 0 ? nil : .number(count))
            return count
        }
        return answer(point, unnamed: 0) { value, _ in
            guard case .number(let count) = value, count <= most, perMillion > 0 else {
                return nil
            }
            return count
        }
    }

    @usableFromInline
    mutating func scriptedChoice(
        _ point: DecisionPoint, of count: Int, weight: (Int) -> UInt32, name: (Int) -> String
    ) -> Int? {
        guard script.mode == .playback else {
            let option = plainChoice(point, of: count, weight: weight)
            keep(point, option.map { script.word(name($0)) })
            return option
        }
        let nothing = UInt64.max
        let option = answer(point, unnamed: nothing) { value, script in
            guard case .word(let word) = value else { return nil }
            let wanted = script.name(of: word)
            let found = (0..<count).first { weight($0) > 0 && name($0) == wanted }
            return found.map { UInt64($0) }
        }
        return option == nothing ? nil : Int(option)
    }

    @usableFromInline
    mutating func scripted(_ point: DecisionPoint, from delay: Delay) -> Interval {
        guard script.mode == .playback else {
            let interval = plain(point, from: delay)
            keep(point, interval == delay.least ? nil : .time(interval))
            return interval
        }
        let nanoseconds = answer(point, unnamed: delay.least.nanoseconds) { value, _ in
            guard case .time(let interval) = value, interval >= delay.least else { return nil }
            return interval.nanoseconds
        }
        return Interval(nanoseconds: nanoseconds)
    }

    private mutating func keep(_ point: DecisionPoint, _ value: Decision.Value?) {
        script.keep(point, subject, value, at: now)
    }

    /// What the recording says, if it says anything, and anything legal.
    private mutating func answer(
        _ point: DecisionPoint, unnamed: UInt64,
        _ legal: (Decision.Value, borrowing Script) -> UInt64?
    ) -> UInt64 {
        made &+= 1
        guard let place = script.next(point, subject, at: now) else { return unnamed }
        guard let answer = legal(script.value(place), script) else {
            script.refuse(place)
            return unnamed
        }
        // What would have been chosen anyway need not be told.
        if answer != unnamed { script.use(place, at: now) }
        return answer
    }

    private static func raw(_ value: Decision.Value) -> UInt64? {
        switch value {
        case .number(let number): number
        case .time(let interval): interval.nanoseconds
        case .yes: 1
        case .moment, .word: nil
        }
    }
}

extension DecisionKind {
    static let messageNumber = DecisionKind("message.number", from: .network)
}
