// swift-tools-version:6.2
import PackageDescription

/// Warnings are errors, and nothing is imported or exported by accident.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .treatAllWarnings(as: .error),
]
/// A package with unsafe flags cannot be depended on, so only `scripts/check` asks for them.
let pure =
    house
    + (Context.environment["SYNCNET_CHECK"] == nil
        ? [] : [.unsafeFlags(["-Xfrontend", "-disable-implicit-concurrency-module-import"])])

let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(
    name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let http = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let tls = [
    Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl"),
    Target.Dependency.product(name: "NIOTLS", package: "swift-nio"),
]
let certificates = [
    Target.Dependency.product(name: "X509", package: "swift-certificates"),
    Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1"),
]
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix"].map {
    .product(name: $0, package: "swift-nio")
}

let package = Package(
    name: "SyncNet",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "StateMachine", targets: ["StateMachine"]),
        .library(name: "DeterministicSimulation", targets: ["DeterministicSimulation"]),
        .library(name: "SimulationRunner", targets: ["SimulationRunner"]),
        .library(name: "SyncNetProtocol", targets: ["SyncNetProtocol"]),
        .library(name: "SyncNetWire", targets: ["SyncNetWire"]),
        .library(name: "SyncNetStorage", targets: ["SyncNetStorage"]),
        .library(name: "SyncNetClient", targets: ["SyncNetClient"]),
        .executable(name: "syncnet", targets: ["syncnet"]),
        .executable(name: "syncnet-simulator", targets: ["syncnet-simulator"]),
        .executable(name: "simulation-examples", targets: ["Examples"]),
        .executable(name: "echo-bot", targets: ["EchoBot"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .target(name: "StateMachine", swiftSettings: pure),
        .target(
            name: "SyncNetProtocol", dependencies: ["StateMachine", deque], swiftSettings: pure),
        .target(
            name: "SyncNetWire", dependencies: ["StateMachine", "SyncNetProtocol"],
            swiftSettings: pure),
        .target(
            name: "SyncNetTerminal", dependencies: ["StateMachine"], swiftSettings: pure),
        .target(
            name: "DeterministicSimulation", dependencies: ["StateMachine"],
            swiftSettings: pure),
        .target(
            name: "SyncNetStorage",
            dependencies: ["StateMachine", "SyncNetProtocol", "SyncNetWire", grdb, sqlite],
            swiftSettings: house),
        .target(
            name: "SimulationRunner",
            dependencies: ["StateMachine", "DeterministicSimulation", arguments],
            swiftSettings: house),
        .target(
            name: "SyncNetSimulation",
            dependencies: [
                "StateMachine", "SyncNetProtocol", "SyncNetWire", "SyncNetStorage",
                "DeterministicSimulation", "SimulationRunner", sqlite, yams,
            ], swiftSettings: house),
        .target(
            name: "NodeRuntime", dependencies: ["StateMachine"] + nio + tls,
            swiftSettings: house),
        .target(
            name: "SyncNetRuntime",
            dependencies: [
                "StateMachine", "SyncNetProtocol", "SyncNetWire", "SyncNetStorage", "NodeRuntime",
                logging, lifecycle, signals, crypto, cryptoExtras, http,
            ] + nio + tls, swiftSettings: house),
        .target(
            name: "SyncNetCertificates", dependencies: ["SyncNetRuntime", crypto] + certificates,
            swiftSettings: house),
        .target(
            name: "SyncNetClient",
            dependencies: ["StateMachine", "SyncNetProtocol", "SyncNetWire", "NodeRuntime"] + nio
                + tls, swiftSettings: house),
        .target(
            name: "SyncNetSimulator",
            dependencies: [
                "StateMachine", "SyncNetProtocol", "DeterministicSimulation", "SimulationRunner",
                "SyncNetSimulation", arguments,
            ], swiftSettings: house),
        .executableTarget(
            name: "syncnet-simulator", dependencies: ["SyncNetSimulator", arguments],
            swiftSettings: house),
        .target(
            name: "SyncNetTorture",
            dependencies: [
                "StateMachine", "SyncNetProtocol", "SyncNetStorage", "SyncNetClient",
                "SyncNetSimulation",
            ] + nio, swiftSettings: house),
        .target(name: "LoadGenerator"),
        .executableTarget(
            name: "syncnet",
            dependencies: [
                "StateMachine", "SyncNetProtocol", "SyncNetWire", "SyncNetStorage",
                "SyncNetRuntime", "SyncNetCertificates", "SyncNetClient", "SyncNetTerminal",
                "DeterministicSimulation", "SyncNetSimulation", "SyncNetSimulator",
                "SyncNetTorture", "SimulationRunner", "LoadGenerator", arguments, logging,
                lifecycle, yams, configuration,
            ] + nio, swiftSettings: house),
        .executableTarget(
            name: "EchoBot", dependencies: ["SyncNetClient"], swiftSettings: house),
        .executableTarget(
            name: "Examples",
            dependencies: [
                "StateMachine", "DeterministicSimulation", "SimulationRunner", arguments,
            ], swiftSettings: house),
        .testTarget(
            name: "StateMachineTests", dependencies: ["StateMachine"], swiftSettings: house),
        .testTarget(
            name: "SyncNetProtocolTests", dependencies: ["StateMachine", "SyncNetProtocol"],
            swiftSettings: house),
        .testTarget(
            name: "SyncNetClientMachineTests", dependencies: ["StateMachine", "SyncNetProtocol"],
            swiftSettings: house),
        .testTarget(
            name: "SyncNetWireTests",
            dependencies: ["StateMachine", "SyncNetProtocol", "SyncNetWire"],
            swiftSettings: house),
        .target(
            name: "TerminalTestSupport", dependencies: ["SyncNetTerminal"],
            path: "Tests/TerminalTestSupport", swiftSettings: house),
        .testTarget(
            name: "SyncNetTerminalTests",
            dependencies: ["SyncNetTerminal", "TerminalTestSupport"], swiftSettings: house),
        .testTarget(
            name: "DeterministicSimulationTests",
            dependencies: ["StateMachine", "DeterministicSimulation"], swiftSettings: house),
        .testTarget(
            name: "SimulationRunnerTests",
            dependencies: [
                "StateMachine", "DeterministicSimulation", "SimulationRunner", "DiceTool",
                arguments,
            ], swiftSettings: house),
        .executableTarget(
            name: "DiceTool",
            dependencies: [
                "StateMachine", "DeterministicSimulation", "SimulationRunner", arguments,
            ], path: "Tests/DiceTool", swiftSettings: house),
        .testTarget(
            name: "ExamplesTests",
            dependencies: [
                "DeterministicSimulation", "SimulationRunner", "Examples", arguments,
            ],
            swiftSettings: house),
        .testTarget(
            name: "SyncNetStorageTests",
            dependencies: [
                "StateMachine", "SyncNetProtocol", "SyncNetStorage", "SyncNetSimulation", grdb,
                sqlite,
            ], swiftSettings: house),
        .testTarget(
            name: "SyncNetSimulationTests",
            dependencies: [
                "StateMachine", "SyncNetProtocol", "SyncNetWire", "DeterministicSimulation",
                "SyncNetSimulation", "SimulationRunner", arguments,
            ], swiftSettings: house),
        .testTarget(
            name: "SyncNetRuntimeTests",
            dependencies: [
                "StateMachine", "SyncNetProtocol", "SyncNetWire", "SyncNetStorage",
                "NodeRuntime", "SyncNetRuntime", "SyncNetCertificates", "SyncNetClient",
                "SyncNetSimulation", logging, lifecycle,
            ] + nio + tls, swiftSettings: house),
        .testTarget(
            name: "SyncNetTortureTests",
            dependencies: ["StateMachine", "SyncNetTorture"] + nio, swiftSettings: house),
        .testTarget(
            name: "SyncNetCommandTests",
            dependencies: [
                "SyncNetProtocol", "SyncNetRuntime", "EchoBot", "TerminalTestSupport",
                "LoadGenerator",
            ],
            swiftSettings: house),
    ]
)

/// What scripts/fuzz throws bytes at. libFuzzer brings their main function, so they link only
/// in its build.
if Context.environment["SYNCNET_FUZZ"] != nil {
    for name in ["Envelope", "Frames", "Datagrams", "Records"] {
        package.targets.append(
            .executableTarget(
                name: "fuzz-\(name.lowercased())",
                dependencies: ["StateMachine", "SyncNetProtocol", "SyncNetWire"],
                path: "Tests/Fuzz/\(name)", swiftSettings: house))
    }
}

/// The simulator, its libraries and their tests, without servers and without NIO: for builds
/// with sanitizers, and for machines that only simulate.
if Context.environment["SYNCNET_SIMULATION_ONLY"] != nil {
    let runtime = [
        "NodeRuntime", "SyncNetRuntime", "SyncNetCertificates", "SyncNetClient",
        "SyncNetTorture", "LoadGenerator", "syncnet", "EchoBot", "SyncNetRuntimeTests",
        "SyncNetTortureTests", "SyncNetCommandTests",
    ]
    package.targets.removeAll { runtime.contains($0.name) }
    package.products.removeAll { ["SyncNetClient", "syncnet", "echo-bot"].contains($0.name) }
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
        let unused = [
            "swift-nio", "swift-log", "swift-service-lifecycle", "swift-crypto",
            "swift-configuration", "swift-nio-ssl", "swift-certificates", "swift-asn1",
        ]
        return unused.contains { location.hasSuffix($0) }
    }
}
