import SyncNetClient
import SyncNetProtocol
import SyncNetTerminal

// The protocol has posts of its own.
import struct SyncNetTerminal.Post

// What a person types.
extension TerminalChat {
    private static let firstLook = 10
    private static let pageMax = 1_000

    func obey(_ line: ClientLine) async {
        // What needs a server would wait, and all that is typed behind it.
        if login.isLockedOut, line.needsServer { return complain(told()) }
        do throws(ChatError) {
            switch line {
            case .join(let room): try await join(room, isPrivate: false)
            case .privateRoom(let room): try await makePrivate(room)
            case .invite(let name): try await invite(name)
            case .leave(let room): try await leave(room)
            case .rooms: listRooms()
            case .who(let room): try await listMembers(of: room)
            case .history(let limit): try await showHistory(limit)
            case .search(let words): try await search(words)
            case .servers: try await listServers()
            case .help: showHelp()
            case .say(let text): say(text)
            case .mistake(let text): complain(text)
            case .quit: leave()
            case .login, .nothing: break
            }
        } catch {
            complain(told(error))
        }
    }

    /// Goes on where one was: in the rooms, after the last message shown.
    func resume() async {
        guard let former = seat.place, !former.rooms.isEmpty else { return }
        for mark in former.rooms where board[mark.room] == nil {
            do throws(ChatError) {
                guard try await client.knows(mark, of: former.cluster) else {
                    guard try await client.isThere(mark.room) else {
                        let room = mark.room
                        remark(
                            "\(room) is not in this cluster: /join \(room) makes it, or /private")
                        continue
                    }
                    remark("\(mark.room) begins anew: this is another cluster")
                    try await join(mark.room, isPrivate: false)
                    continue
                }
                try await enter(mark, after: mark.index)
            } catch {
                complain("\(mark.room): \(error.description)")
            }
        }
        memory?.note(await client.cluster())
        // Where that room can't be entered, what is said next is meant for no other one.
        guard let room = former.current ?? board.rooms.last?.name, board[room] != nil else {
            return
        }
        remark("back in \(room)")
        await go(to: room)
    }

    private func join(_ room: String, isPrivate: Bool) async throws(ChatError) {
        guard board[room] == nil else {
            remark("you are in \(room)")
            return await go(to: room)
        }
        // What was said last is shown first, and then all that follows it: no gap between.
        // Where that may not be read, joining tells why, or it begins now.
        var page: [ChatMessage]?
        do throws(ChatError) {
            page = try await client.history(of: room, limit: Self.firstLook).messages
        } catch {
            page = nil
        }
        let mark = Bookmark(
            room: room, index: page?.last?.index ?? 0, stamp: page?.last?.stamp)
        try await enter(mark, after: page == nil ? nil : mark.index, isPrivate: isPrivate)
        _ = board.look(at: room)
        remark("you are in \(room)")
        board.met(page?.map(\.sender) ?? [])
        show(page?.map(Post.init) ?? [])
        await go(to: room)
    }

    private func makePrivate(_ room: String) async throws(ChatError) {
        do throws(ChatError) {
            // Where one is in it already the servers are asked all the same: it may be open.
            if board[room] != nil { try await client.join(room, isPrivate: true) }
            try await join(room, isPrivate: true)
        } catch .refused(.roomIsOpen, _) {
            return complain(
                "\(room) is open to everybody, and stays so: a private room needs another name")
        }
        remark("\(room) is private: only its members read it, and /invite NAME lets somebody in")
    }

    /// What comes between joining and looking at it is held.
    private func enter(
        _ mark: Bookmark, after index: UInt64?, isPrivate: Bool = false
    ) async throws(ChatError) {
        guard board[mark.room] == nil else { return }
        board.enter(mark)
        do throws(ChatError) {
            let joined = try await client.join(mark.room, after: index, isPrivate: isPrivate)
            if index == nil { board.began(mark.room, at: joined) }
        } catch {
            board.leave(mark.room)
            throw error
        }
        memory?.save(board)
    }

    /// Shows what waits in a room, however much it is.
    private func go(to room: String) async {
        show(board.look(at: room))
        while let place = board[room], place.isCut {
            do throws(ChatError) {
                let page = try await client.history(
                    of: room, .after(place.mark.index), limit: Self.pageMax)
                show(
                    board.took(
                        page.messages.map(Post.init), hasMore: page.hasMore, of: room))
            } catch {
                return complain(error.description)
            }
        }
        memory?.save(board)
    }

    private func invite(_ name: String) async throws(ChatError) {
        guard let room = board.current else { return complain("you are in no room") }
        try await client.invite(name, to: room)
        board.met([name])
        remark("\(name) may enter \(room) now")
    }

    private func leave(_ room: String?) async throws(ChatError) {
        guard let room = room ?? board.current else { return complain("you are in no room") }
        do throws(ChatError) {
            try await client.leave(room)
        } catch .refused(.notJoined, _) where board[room] != nil {
            // Somebody of the same name has left it: this client is out of it as well.
        }
        board.leave(room)
        memory?.save(board)
        remark("left \(room)" + (board.current.map { ", you are in \($0)" } ?? ""))
        if let current = board.current { await go(to: current) }
    }

    private func say(_ text: String) {
        guard let room = board.current else {
            return complain("you are in no room: /join ROOM first")
        }
        let delivery = client.post(text, in: room)
        let number = board.said(text, in: room)
        refresh()
        Task { await follow(delivery, number) }
    }

    /// Waits for what comes of something that was said.
    func follow(_ delivery: ChatDelivery, _ number: UInt64) async {
        do throws(ChatError) {
            board.acknowledged(number, at: try await delivery.index)
        } catch .refused(.loginRequired, _) {
            holdBack(number)
        } catch .replaced {
            // It stands among what is not acknowledged, and is told as such.
            return
        } catch .refused(.notJoined, _) {
            turnedOut(of: board.failed(number))
        } catch {
            guard let failed = board.failed(number) else { return }
            let reason = Failure(error, of: failed.text, limits: limits).description
            complain("\(reason) — it was: \(failed.text)")
        }
        refresh()
    }

    /// Somebody of the same name, at another terminal perhaps, has left the room.
    private func turnedOut(of delivery: Board.Delivery?) {
        guard let delivery else { return }
        complain("\(ChatNews.turnedOut(of: delivery.room)) — it was: \(delivery.text)")
        board.leave(delivery.room)
        memory?.save(board)
    }

    private func showHelp() {
        for line in ClientLine.helpText.split(separator: "\n") {
            pass(
                DisplayWidth.wrapped(
                    String(line), into: columns - 1, indent: ClientLine.helpIndent))
        }
    }

    private func listRooms() {
        guard !board.rooms.isEmpty else { return remark("you are in no room: /join ROOM") }
        for room in board.rooms {
            let here = room.name == board.current ? " (here)" : ""
            remark(room.name + here + (room.unread > 0 ? ", \(room.unread) unread" : ""))
        }
    }

    private func listMembers(of room: String?) async throws(ChatError) {
        guard let room = room ?? board.current else { return complain("which room? /who ROOM") }
        let members = try await client.members(of: room)
        board.met(members)
        remark("\(members.count) in \(room): " + members.joined(separator: ", "))
    }

    private func showHistory(_ limit: UInt64?) async throws(ChatError) {
        guard let room = board.current else {
            return complain("you are in no room: /join ROOM first")
        }
        let page = try await client.history(
            of: room, limit: limit.map { Int(clamping: $0) } ?? 20)
        var look = look
        pass(page.messages.flatMap { look.lines(of: Post($0)) })
    }

    private func search(_ words: String) async throws(ChatError) {
        let page = try await found(words)
        remark("found \(page.messages.count)" + (page.hasMore ? ", the last ones" : ""))
        var look = look
        pass(
            page.messages.flatMap { message in
                let room = look.grey("[\(Terminal.harmless(message.room))] ")
                return look.lines(of: Post(message), after: room)
            })
    }

    /// Where one is in more rooms than are searched at once, in this one.
    private func found(_ words: String) async throws(ChatError) -> ChatPage {
        do {
            return try await client.search(words, limit: 20)
        } catch {
            guard case .refused(.tooLarge, let detail) = error, detail.contains("too many rooms"),
                let room = board.current
            else { throw error }
            remark("you are in too many rooms to search all: only \(Terminal.harmless(room))")
            return try await client.search(words, in: room, limit: 20)
        }
    }

    private func listServers() async throws(ChatError) {
        for server in try await client.servers() {
            remark(ServerLine.text(of: server))
        }
    }
}
