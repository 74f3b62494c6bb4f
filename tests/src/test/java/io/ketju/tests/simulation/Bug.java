package io.ketju.tests.simulation;

/** Bugs that are planted, one at a time, to see whether a simulation would find them. */
enum Bug {
    /** A connection of an earlier start finds the end of a later one. */
    STALE_CONNECTION_ACCEPTED,
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
    /** Gradients are taken for those of the micro-batch whose turn it is, whichever comes. */
    GRADIENTS_BY_ARRIVAL,
    /** The lease of a frame that was written is not closed now and then. */
    LEASE_KEPT,
    /** Workers do not hear that a coordinator is gone. */
    COORDINATOR_LOSS_UNHEARD,
    /** A coordinator does not hear that a worker is gone. */
    WORKER_LOSS_UNHEARD
}
