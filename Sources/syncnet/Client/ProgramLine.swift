import Foundation

/// A line that a program writes: as a person types it, or an object with `command`, and `room`,
/// `text`, `limit` where the command wants them. `id` comes back with the answer.
struct ProgramLine {
    var line: ClientLine
    /// Where it is said; nil for the current room.
    var room: String?
    var id: ProgramID?

    /// Reads a line. What may be meant for JSON is never said: a program that writes its objects
    /// over several lines, or something else than objects, is told so.
    init(_ whole: String, isJSON: Bool) {
        let text = String(whole.drop { $0.isWhitespace || $0 == "\u{FEFF}" })
        guard isJSON, let first = text.first, "{}[]\"".contains(first) else {
            line = ClientLine(whole)
            return
        }
        guard let object = try? JSONDecoder().decode(Object.self, from: Data(text.utf8)) else {
            id = (try? JSONDecoder().decode(Mark.self, from: Data(text.utf8)))?.id
            line = .mistake(
                "not an object with a command, and with what it wants as it wants it: "
                    + "{\"command\":\"say\",\"text\":\"hi\"}")
            return
        }
        id = object.id
        room = object.room
        line = object.line
    }

    private struct Mark: Decodable {
        var id: ProgramID?
    }

    private struct Object: Decodable {
        var command: String
        var room: String?
        var text: String?
        var limit: UInt64?
        var id: ProgramID?

        var line: ClientLine {
            switch command {
            case "say": text.map(ClientLine.say) ?? .mistake("say needs a text")
            case "join", "create": room.map(ClientLine.join) ?? .mistake("join needs a room")
            case "private": room.map(ClientLine.privateRoom) ?? .mistake("private needs a room")
            case "invite": text.map { .invite(name: $0) } ?? .mistake("invite needs a text: whom")
            case "leave": .leave(room: room)
            case "rooms": .rooms
            case "who": .who(room: room)
            case "history": .history(limit: limit)
            case "search": text.map(ClientLine.search) ?? .mistake("search needs a text")
            case "servers": .servers
            case "help": .help
            case "quit": .quit
            default: .mistake("there is no command \(command)")
            }
        }
    }
}

/// What a program calls an object: a text or a whole number, which comes back as it was.
enum ProgramID: Codable, Equatable {
    case text(String)
    case number(Int64)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text)
        case .number(let number): try value.encode(number)
        }
    }
}
