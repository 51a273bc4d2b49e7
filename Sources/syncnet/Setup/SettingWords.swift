/// What each setting means, in a few words beside it in a configuration file.
enum SettingWords {
    /// The words, by the setting's part and name.
    static func of(_ part: String, _ name: String) -> String? { all[part]?[name] }

    private static let all = ["timing": timing, "limits": limits, "network": network]

    private static let timing = [
        "discovery": "a start looks for a leader so long before it starts an election",
        "heartbeat": "from one heartbeat to the next",
        "death": "who was silent for longer is taken for dead",
        "election": "an election without result begins anew after this",
        "connect": "a connection to another server may take so long to open",
        "token_retry": "the shortest pause before a token is sent again",
        "hop": "a neighbour may take so long to take a token",
        "probe": "who is asked whether it lives may take so long",
        "reconnect": "the shortest pause before a connection is opened again",
        "request": "a client's request may wait so long for its answer",
        "confirmation": "how recent the others' answers are that make a leader sure",
        "hop_tries": "tokens that a neighbour may not take before it is passed over",
        "probe_tries": "questions that may stay unanswered",
    ]

    private static let limits = [
        "text_bytes": "of a message's text",
        "name_bytes": "of the name of a person, a room or a session",
        "page_default": "messages of a page of history where nobody says how many",
        "page_max": "messages of a page at the most",
        "session_window": "requests of a session without an answer; answers that are kept",
        "sessions": "sessions that are remembered",
        "connections": "clients of a server",
        "subscriptions": "rooms that one connection follows",
        "rooms": "rooms of the cluster",
        "room_members": "members of a room",
        "waiting": "requests of all clients that wait in a server",
        "uncommitted": "entries that a leader takes on before they commit",
        "append_entries": "entries that go to a follower at once",
        "append_bytes": "bytes of text that go to a follower at once",
        "appends_in_flight": "such appends without an answer",
        "unstored": "applied entries that are not yet asked to be stored",
        "cached_entries": "applied entries that stay in memory, for followers",
        "accounts": "accounts of the cluster",
        "password_bytes": "of a password",
        "password_jobs": "passwords that wait to be looked at",
        "login_tries": "wrong passwords before a connection is closed",
    ]

    private static let network = [
        "multicast_group": "to which chat goes for those who listen",
        "broadcast_address": "all machines of the network",
        "multicast_ttl": "routers that multicast may pass",
        "buffer_size": "first size of buffers for heartbeats and tokens, in bytes",
        "multicast_buffer_size": "the same for multicast and connections",
        "multicast_pack_bytes": "messages that go out together by multicast; 0 for each alone",
        "datagram_bytes_max": "what is larger is refused, or goes over TCP",
        "client_backlog_bytes": "that a client may leave unread before it is not listened to",
        "peer_backlog_bytes": "that another server may leave unread before it gets no more",
        "stream_backlog_bytes_max": "that wait on a connection before it is cut",
        "guests": "strangers whose datagrams are answered",
        "connections_per_address": "clients from one address",
        "passwords_per_address": "passwords from one address that wait to be looked at",
        "requests_per_second": "of one connection, on average",
        "request_burst": "of one connection, at once",
        "first_line_seconds": "until a new connection has to have said something; 0 for ever",
        "line_seconds": "that a line may take from its first byte to its end; 0 for ever",
        "idle_seconds": "that a connection may be silent; 0 for ever",
        "unproven_streams": "connections to the port for servers that don't say whose they are",
    ]
}
