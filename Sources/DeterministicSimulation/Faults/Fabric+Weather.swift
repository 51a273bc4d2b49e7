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

    /// Links carry no more than the narrowest of the faults in force lets through.
    mutating func limitLinks() {
        for from in nodes.indices {
            for to in nodes.indices {
                links[from, to].limit = 0
                links[from, to].buffer = 0
            }
        }
        for active in faults where !active.isOver {
            guard case .bandwidth(let node, let limit, let buffer) = active.fault else { continue }
            for from in nodes.indices {
                for to in nodes.indices where concerns(node, from, to) {
                    links[from, to].narrow(limit, buffer)
                }
            }
        }
    }

    private func concerns(_ node: NodeID?, _ from: Int, _ to: Int) -> Bool {
        guard let node else { return !links[from, to].isSheltered }
        return nodes[from].id == node || nodes[to].id == node
    }

}

extension Link {
    fileprivate mutating func narrow(_ limit: UInt32, _ buffer: UInt32) {
        self.limit = self.limit == 0 ? limit : min(self.limit, limit)
        guard buffer > 0 else { return }
        self.buffer = self.buffer == 0 ? buffer : min(self.buffer, buffer)
    }
}
