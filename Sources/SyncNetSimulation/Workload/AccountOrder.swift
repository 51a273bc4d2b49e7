import SyncNetProtocol

/// What shall become of an account, as the people of the simulation tell whoever may change them:
/// a name and a password with a blank between, or a name alone.
struct AccountOrder: Equatable {
    var name: Text
    /// None where the account shall go.
    var password: Text?

    init(name: Text, password: Text?) {
        (self.name, self.password) = (name, password)
    }

    /// Reads the words of an order.
    init(add: Bool, _ words: Text) {
        let parts = words.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        name = parts.first.map { Text(utf8: Array($0)) } ?? ""
        password = add && parts.count == 2 ? Text(utf8: Array(parts[1])) : nil
    }

    /// The words of the order.
    var words: Text {
        Text(utf8: name.utf8 + (password.map { [UInt8(ascii: " ")] + $0.utf8 } ?? []))
    }

    /// What a server is asked.
    var body: ClientRequestBody {
        guard let password else { return .removeAccount(name: name) }
        return .setAccount(name: name, password: password, isOperator: false)
    }
}
