/// What faults do to every link at once.
struct Weather {
    var lossPerMillion: UInt32 = 0
    var doublingPerMillion: UInt32 = 0
    var holdingBackPerMillion: UInt32 = 0
    var delay: UInt64 = 0
}
