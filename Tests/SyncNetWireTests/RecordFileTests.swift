import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

/// What may happen to the file of a record.
struct RecordFileTests {
    @Test(arguments: [1, 2, 7, 64, 1 << 20])
    func `a record reads the same in portions of any size`(size: Int) throws {
        let steps = SampleRecord.drawn(60, seed: 1)
        let bytes = SampleRecord.bytes(full: true, end: .stopped, steps)
        let items = try SampleRecord.items(of: bytes, inPortionsOf: size)
        #expect(items.count == 62)
        #expect(items.last == .end(.stopped))
        #expect(SampleRecord.steps(of: items).map(\.event) == steps.map(\.1))
        #expect(SampleRecord.steps(of: items).map(\.number) == (1...60).map { $0 })
    }

    @Test(arguments: [true, false])
    func `a record that is cut off anywhere is read up to the tear`(full: Bool) throws {
        let steps = SampleRecord.drawn(12, seed: 2)
        let bytes = SampleRecord.bytes(full: full, steps)
        let whole = SampleRecord.steps(of: try SampleRecord.items(of: bytes))
        for length in 0..<bytes.count {
            let items = try SampleRecord.items(of: Array(bytes[..<length]))
            let read = SampleRecord.steps(of: items)
            #expect(read == Array(whole.prefix(read.count)))
            guard case .torn(let rest)? = items.last else { continue }
            #expect(rest > 0 && rest <= length)
        }
    }

    @Test func `zeros at the end, as a loss of power leaves them, are a tear`() throws {
        let bytes = SampleRecord.bytes(full: false, SampleRecord.drawn(3, seed: 3))
        let items = try SampleRecord.items(of: bytes + [UInt8](repeating: 0, count: 4_000))
        #expect(items.count == 5)
        #expect(items.last == .torn(bytes: 4_000))
    }

    @Test func `no flipped bit is ever taken for what was recorded`() throws {
        let bytes = SampleRecord.bytes(full: false, end: .stopped, SampleRecord.drawn(4, seed: 4))
        let whole = try SampleRecord.items(of: bytes)
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let items = try? SampleRecord.items(of: damaged) else { continue }
            guard case .torn? = items.last else {
                Issue.record("bit \(bit) is not noticed")
                continue
            }
            #expect(items.dropLast().elementsEqual(whole.prefix(items.count - 1)))
        }
    }

    @Test func `damage with whole events behind it is no tear`() throws {
        let steps = SampleRecord.drawn(30, seed: 5)
        let bytes = SampleRecord.bytes(full: false, steps)
        let first = SampleRecord.bytes(full: false, Array(steps.prefix(10))).count
        for flipped in [first, first + 1, first + 5] {
            var damaged = bytes
            damaged[flipped] ^= 0x55
            #expect(throws: RecordReader.Problem.damaged(after: 10)) {
                try SampleRecord.items(of: damaged)
            }
        }
    }

    @Test func `an event that is missing, or stands twice, is noticed`() throws {
        let steps = SampleRecord.drawn(6, seed: 6)
        let ends = (0...6).map { count in
            SampleRecord.bytes(full: false, Array(steps.prefix(count))).count
        }
        let bytes = SampleRecord.bytes(full: false, steps)
        let without = bytes[..<ends[2]] + bytes[ends[3]...]
        let twice = bytes[..<ends[3]] + bytes[ends[2]...]
        #expect(throws: RecordReader.Problem.damaged(after: 2)) {
            try SampleRecord.items(of: Array(without))
        }
        #expect(throws: RecordReader.Problem.damaged(after: 3)) {
            try SampleRecord.items(of: Array(twice))
        }
    }

    @Test func `something else is no record, and another version is named`() throws {
        #expect(throws: RecordReader.Problem.noRecord) {
            try SampleRecord.items(of: Array("SQLite format 3".utf8))
        }
        var later = SampleRecord.bytes(full: false, [])
        later[RecordFrame.magic.count] = 9
        #expect(throws: RecordReader.Problem.otherVersion(9)) {
            try SampleRecord.items(of: later)
        }
        #expect(try SampleRecord.items(of: []) == [])
    }

    @Test func `any bytes behind a record's beginning are read or refused`() {
        var generator = Generator(seed: 7)
        let beginning = SampleRecord.bytes(full: false, [])
        for _ in 0..<300 {
            let noise = generator.list(upTo: 60) { UInt8(truncatingIfNeeded: $0.next()) }
            let items = try? SampleRecord.items(of: beginning + noise)
            #expect(SampleRecord.steps(of: items ?? []) == [])
        }
    }

    @Test func `no secret stands in a record, and the same ones stay the same`() throws {
        let (word, code, token): (Text, Text, Text) = ("pass-word", "scrypt-code", "token-word")
        let veil = Veil { Text(String(repeating: "x", count: $0.utf8.count)) }
        var configuration = SampleRecord.configuration
        configuration.operatorToken = token
        let account = Account(name: "ada", verifier: code, isOperator: true)
        let command = Command(
            sender: "ada", request: nil, createdAt: 0, action: .setAccount(account))
        let entry = Entry(
            index: LogIndex(1), epoch: Epoch(1), stamp: Stamp(1), payload: .command(command))
        var recovered = Recovered(disk: DiskID(1), boot: Boot(1))
        recovered.tail = [entry]
        recovered.accounts = [account]
        var delta = AppliedDelta(through: LogIndex(1))
        delta.accounts = [AccountChange(name: "ada", account: account)]
        let append = Append(
            epoch: Epoch(1), leader: NodeID(0), cluster: ClusterID(1), previousIndex: .zero,
            previousEpoch: .zero, entries: [entry], commit: .zero, sentAt: .zero,
            isFromLeader: true)
        func asked(_ body: ClientRequestBody) -> Event<SyncNet> {
            let request = ClientRequest(
                sender: "ada", createdAt: nil, session: nil, request: 1, body: body)
            return .message(Message(stamp: .zero, body: .request(request)), on: StreamID(1))
        }
        func heard(_ body: Body) -> Message { Message(stamp: .zero, body: body) }
        let relay = heard(.relay(1, .command(command, stamp: .zero)))
        let events: [Event<SyncNet>] = [
            .started(.server(recovered)), asked(.login(password: word)),
            asked(.operatorLogin(token: token)),
            asked(.setAccount(name: "ada", password: word, isOperator: true)),
            .input(.passwordDone(job: 1, verifier: code)),
            .message(heard(.append(append)), on: StreamID(1)),
            .datagram(relay, from: NodeID(1)), .fetched(.entries([entry]), Ticket(1)),
        ]
        let effects: [Effect<SyncNet>] = [
            .send(heard(.append(append)), on: StreamID(1)), .send(relay, on: StreamID(1)),
            .write(.append([entry]), Ticket(1)), .write(.apply(delta), Ticket(2)),
            .output(
                .passwordJob(
                    PasswordJob(
                        id: 1, stream: StreamID(1), password: word, task: .check(code)))),
            .note(.applied(entry, .done(LogIndex(1)))),
        ]
        let now = ClockReading(monotonic: .zero, wall: WallTime(microseconds: 0))
        let bytes = SampleRecord.bytes(
            full: true, configuration: configuration, veil: veil,
            events.map { (now, $0, effects) })
        let text = String(decoding: bytes, as: UTF8.self)
        for secret in [word, code, token] { #expect(!text.contains(secret.string)) }
        let steps = SampleRecord.steps(of: try SampleRecord.items(of: bytes))
        #expect(steps.count == events.count)
        #expect(steps[4].event == .input(.passwordDone(job: 1, verifier: "xxxxxxxxxxx")))
    }
}
