package io.ketju.tests.simulation;

/** Bugs that are planted, one at a time, in what is around the actors or in what they tell each other. */
enum Bug {
    /** A receiver forgets now and then to give a credit back. */
    CREDIT_LOST,
    /** A receiver gives every credit back twice. */
    CREDIT_TWICE,
    /** A frame is lost without anybody's notice. */
    FRAME_LOST,
    /** A frame comes twice. */
    FRAME_TWICE,
    /** A bit of a frame flips. */
    FRAME_DAMAGED,
    /** Gradients are taken for those of another micro-batch than they are of. */
    GRADIENTS_BY_ARRIVAL,
    /** The lease of a frame that was written is not closed now and then. */
    LEASE_KEPT,
    /** The lease of a frame is closed before its bytes are written. */
    LEASE_CLOSED_EARLY,
    /** The lease of a frame is closed only a while after its bytes have left. */
    LEASE_CLOSED_LATE,
    /** Workers do not hear that a coordinator is gone. */
    COORDINATOR_LOSS_UNHEARD,
    /** Nobody hears that a connection broke, nor that a worker is gone. */
    LOSS_UNHEARD,
    /** A shard is not synced before it gets its name. */
    SHARD_NOT_SYNCED,
    /** A manifest is not synced before it gets its name. */
    MANIFEST_NOT_SYNCED,
    /** Names in folders are not synced. */
    FOLDER_NOT_SYNCED,
    /** The number of a start is not synced. */
    INCARNATION_NOT_SYNCED,
    /** A part of a shard is not written, and nobody is told. */
    WRITE_LOST,
    /** A start goes on from an older checkpoint than the newest. */
    NEWEST_CHECKPOINT_OVERLOOKED,
    /** The last checkpoint is removed before the next one is there. */
    OLD_CHECKPOINT_REMOVED_FIRST,
    /** Stages are granted a window twice. */
    WINDOW_GRANTED_TWICE,
    /** A report of a finished window is lost. */
    REPORT_LOST,
    /** The feeder sends another mini-batch than the one that was granted. */
    WRONG_BATCH,
    /** Messages between two nodes overtake each other. */
    MESSAGES_REORDERED,
    /** A worker gives an older copy as the one that a run asks for. */
    STALE_COPY_GIVEN,
    /** A worker gives the copy of an older start as the one that a run asks for. */
    COPY_OF_ANOTHER_START_GIVEN,
    /** A run asks for the copies of another start than they are of. */
    COPIES_OF_ANOTHER_START_ASKED
}
