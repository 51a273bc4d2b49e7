import Foundation
import NIOCore
package import StateMachine

extension OpenFailure {
    /// Why a connection attempt failed.
    package init(_ error: any Error) {
        let code = (error as? IOError)?.errnoCode
        self = code == ECONNREFUSED ? .refused : .unreachable
    }
}
