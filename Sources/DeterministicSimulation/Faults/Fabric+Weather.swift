import StateMachine

/// What the faults in force make of the network as a whole.
extension Fabric {
    /// The weather is the worst of what the faults in force make.
    mutating func forecast() {
        weather = Weather()
        oddDelay = nil
        for active in faults where !active.isOver {
            switch active.fault {
            case .loss(let perMillion):
                weather.lossPerMillion = max(weather.lossPerMillion, perMillion)
            case .doubling(let perMillion):
                weather.doublingPerMillion = max(weather.doublingPerMillion, perMillion)
            case .holdingBack(let perMillion):
                weather.holdingBackPerMillion = max(weather.holdingBackPerMillion, perMillion)
            case .delay(let delay): weather.delay = max(weather.delay, delay.nanoseconds)
            case .oddDelay(let delay): oddDelay = delay
            case .corruption(let perMillion):
                weather.corruptionPerMillion = max(weather.corruptionPerMillion, perMillion)
            case .truncation(let bytes): weather.mtu = min(weather.mtu, bytes)
            default: break
            }
        }
        weather.isDamaging = weather.corruptionPerMillion > 0 || weather.mtu < .max
        weather.isSlow = weather.delay > 0 || oddDelay != nil
    }
}
