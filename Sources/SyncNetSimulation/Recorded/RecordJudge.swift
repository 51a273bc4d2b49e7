import StateMachine
import SyncNetProtocol

/// Judges what clients were told by what stands in the end: nothing acknowledged is lost,
/// nothing stands twice, everybody sees one order without gaps, and reads are honest.
///
/// Unlike the judges of simulations it sees no server from within, and nothing of a log before
/// its end.
struct RecordJudge {
    /// Where something stands.
    private struct Place {
        var room: Int
        /// How many messages of the room stand before it.
        var number: Int
        var index: LogIndex
    }

    private struct Saying {
        var client: NodeID
        var room: Int
        var digest: UInt64
    }

    /// What one client knows.
    private struct View {
        /// The highest index that it was shown, read or acknowledged.
        var frontier = LogIndex.zero
        /// Where what it said last in this life stands.
        var lastSaid = LogIndex.zero
        /// Through which message each room was shown in this life.
        var shown: [Int: Int] = [:]
        /// How many messages of each room it knows of.
        var known: [Int: Int] = [:]
    }

    private enum Order {
        case saying(Saying)
        case read(HistoryRequest, room: Int, known: Int)
    }

    private struct Key: Hashable {
        var client: UInt32
        var order: UInt64
    }

    private let names: [Text]
    private let messages: [[RoomMessage]]
    private let applied: LogIndex
    private var places: [UInt64: Place] = [:]
    private var said: Set<UInt64> = []
    private var views: [UInt32: View] = [:]
    private var orders: [Key: Order] = [:]
    /// Whether what was asked and told fits one order in real time.
    var histories = RoomHistories()

    init(rooms: [Text], messages: [[RoomMessage]], applied: LogIndex) {
        names = rooms
        self.messages = messages
        self.applied = applied
    }

    /// What stands is in order, without gaps, and nothing stands twice.
    mutating func standing() -> [Breach] {
        var breaches: [Breach] = []
        for room in messages.indices {
            var previous = LogIndex.zero
            var stamp = Stamp.zero
            for (number, message) in messages[room].enumerated() {
                let place = Place(room: room, number: number, index: message.index)
                let index = message.index
                if message.previous != previous || index <= previous || message.stamp <= stamp {
                    let detail =
                        "message \(index.number) of \(names[room].string) does not stand right "
                        + "behind \(previous.number), though it should"
                    breaches.append(Breach(.roomOrder, detail))
                }
                (previous, stamp) = (index, message.stamp)
                if let former = places.updateValue(place, forKey: Self.digest(message)) {
                    let detail =
                        "what \(message.sender.string) said once stands at "
                        + "\(former.index.number) and at \(index.number)"
                    breaches.append(Breach(.exactlyOnce, detail))
                }
            }
        }
        return breaches
    }

    private static func digest(_ message: RoomMessage) -> UInt64 {
        Digest.of(saying: message.text, by: message.sender, in: message.room)
    }

    mutating func take(_ event: RecordedEvent) -> Breach? {
        let client = event.client
        switch event.kind {
        case .began:
            // A new life knows nothing; but what is said in it still stands behind all that.
            views[client.rank] = View(frontier: views[client.rank]?.frontier ?? .zero)
            return nil
        case .says(let order, let room, let text):
            return says(event, order, room, text)
        case .reads(let order, let request):
            return reads(client, order, request)
        case .done(let order, let index): return done(event, order, index)
        case .refused(let order, let reason): return refused(event, order, reason)
        case .unknown(let order):
            orders[Key(client: client.rank, order: order)] = nil
            histories.refused(client, order, .unknownOutcome)
            return nil
        case .page(let order, let page): return got(event, order, page)
        case .shown(let message): return shown(event, message)
        case .flaw: return Breach(.exactlyOnce, event.description)
        }
    }

    private mutating func learn(_ client: NodeID, _ message: RoomMessage, _ place: Place) -> Breach?
    {
        var view = views[client.rank] ?? View()
        view.frontier = max(view.frontier, message.index)
        view.known[place.room] = max(view.known[place.room] ?? 0, place.number + 1)
        views[client.rank] = view
        return histories.saw(room: place.room, message.index.number, Self.digest(message))
    }

    /// Where a message stands; nil where something else or nothing stands there.
    private func find(_ message: RoomMessage) -> Place? {
        guard let place = places[Self.digest(message)], place.index == message.index,
            messages[place.room][place.number] == message
        else { return nil }
        return place
    }
}

extension RecordJudge {
    /// What is said stands behind all that its sender knew, and behind what it said before.
    private mutating func says(
        _ event: RecordedEvent, _ order: UInt64, _ room: Text, _ text: Text
    ) -> Breach? {
        guard let number = names.firstIndex(of: room) else { return nil }
        let client = event.client
        let saying = Digest.of(saying: text, by: event.name, in: room)
        said.insert(saying)
        orders[Key(client: client.rank, order: order)] = .saying(
            Saying(client: client, room: number, digest: saying))
        histories.said(client, order, room: number, saying)
        guard let place = places[saying] else { return nil }
        let view = views[client.rank] ?? View()
        let what = "what \(event.name.string) said as #\(order) stands at \(place.index.number)"
        if place.index <= view.frontier {
            return Breach(.causalOrder, "\(what), it had seen \(view.frontier.number) before")
        }
        if place.index <= view.lastSaid {
            return Breach(.senderOrder, "\(what), its words before that at \(view.lastSaid.number)")
        }
        views[client.rank, default: View()].lastSaid = place.index
        return nil
    }

    /// What is acknowledged stands where the client was told.
    private mutating func done(
        _ event: RecordedEvent, _ order: UInt64, _ index: LogIndex
    ) -> Breach? {
        let what = "#\(order) of \(event.name.string) was acknowledged at \(index.number)"
        guard case .saying(let saying) = close(event, order) else {
            return Breach(.exactlyOnce, "\(what), which was not open")
        }
        if index > applied { return Breach(.durability, "\(what), which nobody has applied") }
        guard let place = places[saying.digest] else {
            return Breach(.durability, "\(what), and is lost")
        }
        guard place.index == index else {
            return Breach(.durability, "\(what), but stands at \(place.index.number)")
        }
        var view = views[event.client.rank] ?? View()
        view.frontier = max(view.frontier, index)
        view.known[place.room] = max(view.known[place.room] ?? 0, place.number + 1)
        views[event.client.rank] = view
        return histories.done(event.client, order, at: index)
    }

    /// What is refused stands nowhere, except where nobody knows.
    private mutating func refused(
        _ event: RecordedEvent, _ order: UInt64, _ reason: NackReason
    ) -> Breach? {
        let former = close(event, order)
        histories.refused(event.client, order, reason)
        guard case .saying(let saying) = former, reason != .unknownOutcome,
            let place = places[saying.digest]
        else { return nil }
        let detail =
            "#\(order) of \(event.name.string) was refused as \(reason.word), and stands at "
            + "\(place.index.number)"
        return Breach(.exactlyOnce, detail)
    }

    private mutating func close(_ event: RecordedEvent, _ order: UInt64) -> Order? {
        orders.removeValue(forKey: Key(client: event.client.rank, order: order))
    }

    /// A room is shown in the order of the log, without gap or repetition.
    private mutating func shown(_ event: RecordedEvent, _ message: RoomMessage) -> Breach? {
        let what = "\(event.name.string) was shown \(message.index.number)"
        guard let place = find(message) else {
            return Breach(.roomOrder, "\(what), where something else or nothing stands")
        }
        guard said.contains(Self.digest(message)) else {
            return Breach(.exactlyOnce, "\(what), which nobody has said by then")
        }
        let former = views[event.client.rank]?.shown[place.room]
        views[event.client.rank, default: View()].shown[place.room] = place.number
        if let former, place.number != former + 1 {
            let kind = place.number > former ? "a gap" : "a repetition"
            let detail =
                "\(what), message \(place.number) of its room, after message \(former): \(kind)"
            return Breach(.roomOrder, detail)
        }
        return learn(event.client, message, place)
    }
}

extension RecordJudge {
    private mutating func reads(
        _ client: NodeID, _ order: UInt64, _ request: HistoryRequest
    ) -> Breach? {
        guard let room = names.firstIndex(of: request.room) else { return nil }
        let view = views[client.rank] ?? View()
        orders[Key(client: client.rank, order: order)] = .read(
            request, room: room, known: view.known[room] ?? 0)
        histories.reads(client, order, room: room, request, known: view.frontier)
        return nil
    }

    /// A page is a stretch of its room, and reaches at least as far as its reader knew.
    private mutating func got(
        _ event: RecordedEvent, _ order: UInt64, _ page: HistoryPage
    ) -> Breach? {
        let what = "#\(order) of \(event.name.string)"
        guard case .read(let request, let room, let known) = close(event, order) else {
            return Breach(.exactlyOnce, "\(what) was answered, but was not open")
        }
        var last: Int?
        for message in page.messages {
            guard let place = find(message), place.room == room else {
                let detail = "\(what) read at \(message.index.number) what does not stand there"
                return Breach(.honestReads, detail)
            }
            if let last, place.number != last + 1 {
                return Breach(.honestReads, "\(what) read \(place.number) after \(last)")
            }
            last = place.number
            if let breach = learn(event.client, message, place) { return breach }
        }
        histories.page(event.client, order, page)
        let isWhole = request.after == nil || !page.hasMore
        guard isWhole, known > 0, last.map({ $0 + 1 < known }) ?? true else { return nil }
        let newest = messages[room][known - 1].index
        if last == nil, let after = request.after, newest <= after { return nil }
        let detail = "\(what) did not show \(newest.number), which its reader knew"
        return Breach(.honestReads, detail)
    }

    /// Whatever stands, somebody has said.
    func unsaid() -> Breach? {
        guard let stray = places.filter({ !said.contains($0.key) }).map(\.value.index).min() else {
            return nil
        }
        return Breach(.exactlyOnce, "nobody has said what stands at \(stray.number)")
    }
}
