import SyncNetClient
import SyncNetProtocol

extension Failure {
    /// What a server refused a command, with the flags that help.
    init(_ error: ChatError) {
        switch error {
        case .refused(.loginRequired, _):
            self.init(
                "refused (login_required): log in to the account of --name (or SYNCNET_NAME) with "
                    + "--login, which asks for the password, or with --password-file FILE")
        case .badLogin:
            self.init("\(error.description) (--name, or SYNCNET_NAME, says whose)")
            isBadLogin = true
        default: self.init(error.description)
        }
    }

    /// What a server refused to take of a text, with the limit.
    init(_ error: ChatError, of text: String, limits: Limits) {
        // The servers don't tell their limit: it is that of the configuration, or another one.
        guard case .refused(.tooLarge, let detail) = error, detail.contains("text is") else {
            self.init(error)
            return
        }
        let bytes = text.utf8.count
        let most =
            bytes > limits.textBytes
            ? "\(limits.textBytes) bytes are taken at most"
            : "this cluster takes fewer (its limits.text_bytes)"
        self.init("\(error.description): it has \(bytes) bytes, and \(most)")
    }
}
