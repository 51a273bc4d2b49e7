/// A terminal with a line being typed at its lower end: bytes of the keyboard in, what was typed
/// and bytes for the screen out.
public struct Console: Sendable {
    /// What a person wants.
    public enum Event: Equatable, Sendable {
        /// A line was typed.
        case line(String)
        /// The secret that was asked for; nil where it was given up.
        case secret(String?)
        /// To go.
        case ended
        /// To stop the process for a while.
        case suspended
        /// The line takes no more, and something is left out.
        case full
    }

    /// So many words are listed at most where Tab finds many.
    static let listedMax = 50

    /// What Tab completes.
    public var vocabulary: Vocabulary
    /// What stands before the line that is typed.
    public private(set) var prompt: String
    /// What stands above it.
    public private(set) var living: [String] = []
    private var reader = KeyReader()
    private var editor = LineEditor()
    private var screen: LiveScreen
    private var isShown = false
    /// A secret that is being typed, and what stands before it.
    private var secret: (line: SecretLine, prompt: String)?

    /// Makes a console of so many columns.
    public init(
        columns: Int, prompt: String = "> ", vocabulary: Vocabulary, history: [String] = []
    ) {
        screen = LiveScreen(columns: columns)
        self.prompt = prompt
        self.vocabulary = vocabulary
        editor.history = InputHistory(history)
    }

    /// The lines typed so far, oldest first.
    public var history: [String] { editor.history.lines }
    /// How wide the terminal is.
    public var columns: Int { screen.columns }
    /// The line as typed so far.
    public var line: String { editor.text }

    /// Whether what is typed is a secret.
    public var asksSecret: Bool { secret != nil }

    /// What the terminal has to be sent.
    public mutating func takeOutput() -> String { screen.takeOutput() }

    /// Shows the line being typed. Pastes are bracketed from here on.
    public mutating func show() {
        guard !isShown else { return }
        isShown = true
        screen.pass(bytes: "\u{1B}[?2004h")
        draw()
    }

    /// Takes the line away, for good or until it is shown again.
    public mutating func hide() {
        guard isShown else { return }
        screen.erase()
        isShown = false
        screen.pass(bytes: "\u{1B}[?2004l")
    }

    /// Takes what came from the keyboard.
    public mutating func take(_ bytes: [UInt8]) -> [Event] {
        let events = reader.feed(bytes).compactMap { take($0) }
        redraw()
        return events
    }

    /// Asks for a secret: what is typed now is not shown, and no line.
    public mutating func askSecret(_ prompt: String) {
        secret = (SecretLine(), prompt)
        redraw()
    }

    private mutating func take(_ key: Key) -> Event? {
        if secret != nil { return takeSecretly(key) }
        switch editor.take(key) {
        case .nothing, .edited: return nil
        case .submitted(let line): return .line(line)
        case .full: return .full
        case .ended: return .ended
        case .suspended: return .suspended
        case .clearScreen: screen.clear()
        case .completion: complete()
        }
        return nil
    }

    private mutating func takeSecretly(_ key: Key) -> Event? {
        let outcome = secret?.line.take(key) ?? .cancelled
        guard outcome != .typing else { return nil }
        secret = nil
        if case .entered(let text) = outcome { return .secret(text) }
        return .secret(nil)
    }

    private mutating func complete() {
        let completion = vocabulary.completion(of: editor.textBeforeCursor)
        if let replacement = completion.replacement {
            let start = editor.cursor - completion.length
            editor.replace(start..<editor.cursor, with: replacement)
        } else if completion.candidates.count > 1 {
            var words = Array(completion.candidates.prefix(Self.listedMax))
            let more = completion.candidates.count - Self.listedMax
            if more > 0 { words.append("and \(more) more") }
            pass(DisplayWidth.filled(words, between: "  ", into: columns - 1))
        }
    }

    /// Lines go by above the line being typed.
    public mutating func pass(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        screen.erase()
        for line in lines { screen.pass(line) }
        if isShown { draw() }
    }

    /// Changes what stands before and above the line being typed.
    public mutating func set(prompt: String, living: [String]) {
        guard prompt != self.prompt || living != self.living else { return }
        self.prompt = prompt
        self.living = living
        redraw()
    }

    /// The terminal has so many columns now.
    public mutating func resize(to columns: Int) {
        screen.resize(to: columns)
        redraw()
    }

    private mutating func redraw() {
        guard isShown else { return }
        screen.erase()
        draw()
    }

    private mutating func draw() {
        guard let secret else { return screen.draw(living, prompt: prompt, editor: editor) }
        screen.draw(living, prompt: secret.prompt, editor: LineEditor())
    }
}
