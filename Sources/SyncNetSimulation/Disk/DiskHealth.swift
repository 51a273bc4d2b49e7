/// What the world knows of a disk, and nobody who has only the disk can tell for sure.
///
/// Shared by the disk, the people who run the servers, and the judges.
final class DiskHealth {
    /// Whether something that was durable, or said to be, is not there as it was: what lies
    /// there can't be expected to be right any more, only not to be taken for right.
    private(set) var isDamaged = false
    /// Whether it may be whole and of another time, without a trace of that: a lie was not
    /// made true before the power went, or the power took the evidence of what was damaged,
    /// which is brought up to date by the next start.
    private(set) var mayHaveForgotten = false
    private var isEvidenceOld = false
    /// Whether the evidence itself was hit since it was left: of its two halves the one that is
    /// still there may claim less.
    private var isEvidenceHit = false
    /// How often a directory was begun with nothing in it, after the first time.
    var emptied: UInt64 = 0

    /// Something changes that was durable; where it is not silent, whoever reads it knows.
    func damage(isSilent: Bool = true, ofEvidence: Bool = false) {
        let isSecond = isDamaged
        isDamaged = true
        isEvidenceHit = isEvidenceHit || ofEvidence
        // The database and what bears witness to it: both were changed.
        let isWitnessGone = isEvidenceHit && isSecond
        if isSilent, isEvidenceOld || isWitnessGone { mayHaveForgotten = true }
    }

    /// The power goes, and with it all that was not synced, a promise perhaps among it.
    func losePower(breakingPromise: Bool) {
        isEvidenceOld = true
        if breakingPromise { isDamaged = true }
        if isDamaged { mayHaveForgotten = true }
    }

    /// A server has started on it, and left evidence of all that is there.
    func started() {
        isEvidenceOld = false
        isEvidenceHit = false
    }

    /// A new directory begins; on a disk that holds nothing else, unless damage is kept.
    func begin(keepingDamage: Bool = false) {
        isDamaged = isDamaged && keepingDamage
        mayHaveForgotten = false
        isEvidenceOld = false
        isEvidenceHit = false
        emptied += 1
    }
}
