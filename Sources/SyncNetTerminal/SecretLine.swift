/// A password as it is typed: keys in, and nothing to see.
public struct SecretLine: Equatable, Sendable {
    /// What a key came to.
    public enum Outcome: Equatable, Sendable {
        /// More is to come.
        case typing
        /// It was ended.
        case entered(String)
        /// Ctrl-D before anything was typed.
        case cancelled
        /// Ctrl-C.
        case interrupted
    }

    /// A secret takes no more than this; what is typed beyond it is left out.
    public static let bytesMax = 4_096

    private var characters: [Character] = []

    /// Makes an empty one.
    public init() {}

    /// Takes a key.
    public mutating func take(_ key: Key) -> Outcome {
        switch key {
        case .typed(let scalar): add(String(scalar))
        case .pasted(let text): add(text.filter { !$0.isNewline })
        case .backspace: _ = characters.popLast()
        case .cutToStart, .cutWord: characters = []
        case .enter: return .entered(String(characters))
        case .interrupt: return .interrupted
        case .endOfInput: if characters.isEmpty { return .cancelled }
        default: break
        }
        return .typing
    }

    // A mark joins the character before it.
    private mutating func add(_ text: String) {
        let whole = String(characters) + text
        if whole.utf8.count <= Self.bytesMax { characters = Array(whole) }
    }
}
