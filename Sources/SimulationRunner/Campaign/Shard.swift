public import ArgumentParser
import Foundation

/// One of several disjoint parts of a campaign, written `0/4` to `3/4`.
///
/// All parts together run the same seeds as the whole, and ``CampaignResult/merged(_:)``
/// makes the whole's result of theirs.
public struct Shard: Codable, Equatable, Sendable {
    /// Which part, counted from 0.
    public var index: Int
    /// How many parts there are, at least 1.
    public var count: Int

    /// Names a part.
    public init(_ index: Int, of count: Int) {
        self.index = index
        self.count = count
    }

    /// The whole campaign.
    public static let whole = Shard(0, of: 1)

    /// Reads `INDEX/COUNT`.
    public init(_ text: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], count > 0 else {
            throw RunnerError("--shard is INDEX/COUNT, as 0/4 to 3/4, or auto; not \"\(text)\".")
        }
        self.init(index, of: count)
        try check("--shard \(text)")
    }

    private func check(_ origin: String) throws {
        guard !(0..<count).contains(index) else { return }
        throw RunnerError(
            "\(origin): shards are counted from 0, so there are 0/\(count) to "
                + "\(count - 1)/\(count).")
    }
}

extension Shard: CustomStringConvertible {
    /// `INDEX/COUNT`.
    public var description: String { "\(index)/\(count)" }
}

extension Shard {
    /// The variable that says how many shards there are: Kubernetes tells a pod its index
    /// only. Where it is set in a Slurm array, the task's number is the index as it stands,
    /// so that one task can be run again by itself.
    public static let countVariable = "SIMULATION_SHARDS"

    /// The part that this process was started for, by a Slurm job array or by an indexed job
    /// of Kubernetes.
    public init(environment: [String: String]) throws {
        func number(_ name: String) throws -> Int? {
            guard let text = environment[name] else { return nil }
            if let number = Int(text), number >= 0 { return number }
            throw RunnerError("\(name) is \"\(text)\", which is no number from 0 on.")
        }
        let count = try number(Self.countVariable)
        if let task = try number("SLURM_ARRAY_TASK_ID") {
            let first = try number("SLURM_ARRAY_TASK_MIN") ?? 0
            let step = max(1, try number("SLURM_ARRAY_TASK_STEP") ?? 1)
            if let count {
                self.init(task, of: count)
            } else if let tasks = try number("SLURM_ARRAY_TASK_COUNT") {
                self.init((task - first) / step, of: max(tasks, 1))
            } else {
                throw RunnerError("SLURM_ARRAY_TASK_COUNT is not set: set \(Self.countVariable).")
            }
            try check("Task \(task) of a Slurm array")
            return
        }
        guard let index = try number("JOB_COMPLETION_INDEX") else {
            throw RunnerError(
                "--shard auto finds neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX here: "
                    + "say --shard INDEX/COUNT.")
        }
        guard let count else {
            throw RunnerError(
                "JOB_COMPLETION_INDEX is \(index), but of how many? Set \(Self.countVariable) to "
                    + "the job's completions.")
        }
        guard count > 0 else {
            throw RunnerError("\(Self.countVariable) is 0, but every campaign has a shard.")
        }
        self.init(index, of: count)
        try check("Pod \(index) of an indexed job")
    }
}

/// Which part of a campaign a command is to run.
public enum ShardChoice: ExpressibleByArgument, Equatable, Sendable {
    /// This one.
    case given(Shard)
    /// The one that a cluster's scheduler tells by environment variables.
    case auto
    /// Not understood, with the reason.
    case wrong(RunnerError)

    /// Reads `INDEX/COUNT` or `auto`.
    public init(argument: String) {
        if argument == "auto" {
            self = .auto
            return
        }
        do {
            self = .given(try Shard(argument))
        } catch {
            self = .wrong(error as? RunnerError ?? RunnerError("\(error)"))
        }
    }

    /// The part.
    func shard() throws -> Shard {
        switch self {
        case .given(let shard): shard
        case .auto: try Shard(environment: ProcessInfo.processInfo.environment)
        case .wrong(let error): throw error
        }
    }
}
