public import ArgumentParser
import DeterministicSimulation
import Foundation

/// Whole commands, for executables whose command line has a shape of its own. A
/// ``SimulationTool`` has them all.
///
/// ```swift
/// struct Simulate: ParsableCommand {
///     @OptionGroup var options: CampaignOptions
///     func run() throws {
///         try SimulationCommands.simulate(
///             scenarios, options, workerArguments: ["worker"],
///             replay: { "my-tool replay \($0) --seed \($1)" })
///     }
/// }
/// struct Worker: ParsableCommand {
///     static let configuration = CommandConfiguration(shouldDisplay: false)
///     func run() throws { try CampaignWorker.run(scenarios) }
/// }
/// ```
public enum SimulationCommands {
    /// The exit code of what could not be done at all; 1 says that something was found, and
    /// 64 that the command line is wrong.
    public static let couldNotRun = ExitCode(2)

    /// Runs the body of a command. What it throws, but for exit codes and what is wrong with
    /// the command line, is told in one line, and leads to ``couldNotRun``.
    public static func perform(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error where !(error is ExitCode || error is ValidationError) {
            complain("Error: \(error)")
            throw couldNotRun
        }
    }

    /// Runs a campaign and tells its result. Throws `ExitCode.failure` after failures.
    public static func simulate(
        _ scenarios: [any SimulatedScenario], _ options: CampaignOptions,
        workerArguments: [String], replay: @escaping (String, UInt64) -> String
    ) throws {
        try perform {
            let campaign = try Campaign(
                scenarios, options, workerArguments: workerArguments, replay: replay)
            // A path that nothing can be written to is told before hours of work, not behind them.
            if let directory = options.keep { try make(directory) }
            for path in [options.reporting.report, options.reporting.junit] {
                if let path { try demandRoom(for: path) }
            }
            let result = try campaign.run()
            try show(result, options.reporting)
            // After that: to keep failures they are run once more, which takes its time.
            if let directory = options.keep {
                _ = try keep(
                    result, of: scenarios, in: directory, workerArguments: workerArguments)
            }
            try judge(result, options.reporting)
        }
    }

    /// Joins the reports of a campaign's shards and tells the result, as ``simulate`` would
    /// have told that of the whole campaign; or those of several campaigns.
    public static func merge(_ options: MergeOptions) throws {
        try perform {
            let parts = try options.files.map {
                (name: $0, result: try CampaignResult.load($0))
            }
            let result =
                try options.several ? CampaignResult.together(parts) : CampaignResult.merged(parts)
            try tell(result, options.reporting)
        }
    }

    /// Tells a result as it was asked for. Throws the exit code where it is not good.
    static func tell(_ result: CampaignResult, _ options: ReportOptions) throws {
        try show(result, options)
        try judge(result, options)
    }

    private static func show(_ result: CampaignResult, _ options: ReportOptions) throws {
        print(options.json ? try result.json() : result.text)
        fflush(nil)
        if let path = options.report { try write(try result.json() + "\n", path) }
        guard let path = options.junit else { return }
        let missing = options.demandSometimes ? result.neverReached : []
        try write(JUnit.xml(result, suite: "simulation", missing: missing), path)
    }

    /// Throws the exit code where a result is not good.
    private static func judge(_ result: CampaignResult, _ options: ReportOptions) throws {
        if result.isInterrupted { throw interrupted(result.signal) }
        let missing = options.demandSometimes ? result.neverReached : []
        for name in missing { complain("never reached: \(name)") }
        if !result.isClean || !missing.isEmpty { throw ExitCode.failure }
    }

    /// Counts the seeds that known bugs take, and tells the result. Throws
    /// `ExitCode.failure` where one was not found. The processes that `workerArguments` start
    /// have to know the ``ScoreEntry/planted`` scenario of each.
    public static func score(
        _ entries: [ScoreEntry], _ options: ScoreOptions, workerArguments: [String],
        replay: @escaping (String, UInt64) -> String
    ) throws {
        try perform {
            let score = try Score(
                entries, options, workerArguments: workerArguments, replay: replay)
            if let path = options.markdown { try demandRoom(for: path) }
            let result = try score.run()
            print(options.json ? try result.json() : result.text)
            fflush(nil)
            if let path = options.markdown { try write(result.markdown, path) }
            if result.isInterrupted { throw interrupted(result.signal) }
            if !result.missed.isEmpty { throw ExitCode.failure }
        }
    }

    private static func interrupted(_ signal: Int32?) -> ExitCode {
        ExitCode(Interruption.exitCode(of: signal ?? SIGINT))
    }

    static func complain(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    static func make(_ directory: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw RunnerError("\(directory) can't be made: \(error.localizedDescription)")
        }
    }

    /// Opens a file as it will be written, and leaves no new one behind.
    private static func demandRoom(for path: String) throws {
        let wasThere = access(path, F_OK) == 0
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw RunnerError("\(path) can't be written: \(reason).")
        }
        close(descriptor)
        if !wasThere { unlink(path) }
    }

    static func write(_ text: String, _ path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw RunnerError("\(path) can't be written: \(error.localizedDescription)")
        }
    }

    /// Repeats one run and prints its report. Throws `ExitCode.failure` where it breaks a
    /// property, or is not what was recorded.
    public static func replay(
        _ scenarios: [any SimulatedScenario], _ options: ReplayOptions
    ) throws {
        try perform {
            let replay = try Replay(scenarios, options)
            if !options.json, let line = try replay.configuration() { print(line) }
            let report = try replay.run {
                print($0)
                // A run that traps is to leave all lines before that.
                fflush(nil)
            }
            print(try replay.text(of: report))
            if replay.complaint(about: report) != nil { throw ExitCode.failure }
        }
    }
}
