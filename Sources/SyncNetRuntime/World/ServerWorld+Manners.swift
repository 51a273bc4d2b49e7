import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

// What strangers may ask of a server: how many connections, how many requests, how slowly.
extension ServerWorld {
    private static let sweepPause = TimeAmount.milliseconds(250)

    private var network: NetworkSettings { settings.settings.network }

    /// Lets a connection in, if its address has not too many; tells it so if it has.
    func admit(_ channel: any Channel) -> Manners? {
        let address = channel.remoteAddress?.ipAddress ?? ""
        let count = crowd[address, default: 0]
        guard count < network.connectionsPerAddress else {
            self.count(.crowdedAddress, "\(count) from \(address)")
            let end = nextEnd(over: channel)
            let nack = ClientReply.nack(
                request: nil, .overloaded,
                detail: Text("this address has \(count) connections already"))
            let now = LoopClock<SyncNet>.read().wall.seconds
            end.send {
                ClientCodec.encode(
                    Message(stamp: .zero, body: .reply(nack)), sender: ownID, createdAt: now,
                    into: &$0)
            }
            end.close()
            return nil
        }
        crowd[address] = count + 1
        return Manners(of: address, limits: network)
    }

    /// A connection has ended.
    func leave(_ manners: Manners) {
        let count = crowd[manners.address, default: 1] - 1
        crowd[manners.address] = count > 0 ? count : nil
    }

    /// Takes a password into the line of its address, if that has room.
    func work(out job: PasswordJob) {
        let address = links[job.stream.number]?.manners?.address ?? ""
        if passwords.add(job, from: address) { return }
        count(.crowdedPasswords, "from \(address)")
        inbox.put(.input(.passwordTurnedAway(job: job.id)))
    }

    /// Takes one of a connection's requests off its budget; answers it if there is none left.
    func isInTime(_ message: Message, from link: Link) -> Bool {
        let now = NIODeadline.now().uptimeNanoseconds
        guard link.manners?.budget.take(at: now) == false else { return true }
        guard case .request(let request) = message.body else { return false }
        count(.hastyRequest, "from \(link.manners?.address ?? "?")")
        reply(
            .nack(
                request: request.request, .overloaded,
                detail: Text("more than \(network.requestsPerSecond) requests a second")),
            on: link)
        return false
    }

    /// Ends connections that say nothing, now and then.
    func watchManners() {
        mannersWatch = loop.assumeIsolated().scheduleTask(in: Self.sweepPause) {
            guard self.stage != .ended else { return }
            self.sweepSilent()
            self.watchManners()
        }
    }

    private func sweepSilent() {
        let now = NIODeadline.now()
        for link in links.values where link.isHeard && !link.end.isClosing {
            guard let omission = link.manners?.omission(at: now, limits: network),
                !link.hasInputEnded
            else { continue }
            count(.silentConnection, "\(omission.detail), from \(link.manners?.address ?? "?")")
            if case .anything = omission {
                link.end.close()
            } else {
                reply(
                    .nack(request: nil, .badRequest, detail: Text(omission.detail)), on: link)
                link.end.close()
            }
        }
    }
}
