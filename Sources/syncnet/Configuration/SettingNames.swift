import SyncNetProtocol
import SyncNetRuntime

/// How what can be set is called in files, flags and the environment.
enum SettingNames {
    static var limits: [(name: String, field: WritableKeyPath<Limits, Int>)] {
        [
            ("text_bytes", \.textBytes), ("name_bytes", \.nameBytes),
            ("page_default", \.pageDefault), ("page_max", \.pageMax),
            ("session_window", \.sessionWindow), ("sessions", \.sessions),
            ("connections", \.connections), ("subscriptions", \.subscriptions),
            ("rooms", \.rooms), ("room_members", \.roomMembers), ("waiting", \.waiting),
            ("uncommitted", \.uncommitted),
            ("append_entries", \.appendEntries), ("append_bytes", \.appendBytes),
            ("appends_in_flight", \.appendsInFlight), ("unstored", \.unstored),
            ("cached_entries", \.cachedEntries), ("accounts", \.accounts),
            ("password_bytes", \.passwordBytes), ("password_jobs", \.passwordJobs),
            ("login_tries", \.loginTries),
        ]
    }

    static var addresses: [(name: String, field: WritableKeyPath<NetworkSettings, String>)] {
        [("multicast_group", \.multicastGroup), ("broadcast_address", \.broadcastAddress)]
    }

    static var tls: [(name: String, field: WritableKeyPath<TLSFiles, String?>)] {
        [("certificate", \.certificate), ("key", \.key), ("authority", \.authority)]
    }

    static var sizes: [(name: String, field: WritableKeyPath<NetworkSettings, Int>)] {
        [
            ("multicast_ttl", \.multicastTTL), ("buffer_size", \.bufferSize),
            ("multicast_buffer_size", \.multicastBufferSize),
            ("multicast_pack_bytes", \.multicastPackBytes),
            ("datagram_bytes_max", \.datagramBytesMax),
            ("client_backlog_bytes", \.clientBacklogBytes),
            ("peer_backlog_bytes", \.peerBacklogBytes),
            ("stream_backlog_bytes_max", \.streamBacklogBytesMax), ("guests", \.guests),
            ("connections_per_address", \.connectionsPerAddress),
            ("passwords_per_address", \.passwordsPerAddress),
            ("requests_per_second", \.requestsPerSecond), ("request_burst", \.requestBurst),
            ("first_line_seconds", \.firstLineSeconds), ("line_seconds", \.lineSeconds),
            ("idle_seconds", \.idleSeconds), ("unproven_streams", \.unprovenStreams),
        ]
    }
}
