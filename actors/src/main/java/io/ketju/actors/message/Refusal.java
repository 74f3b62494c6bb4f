package io.ketju.actors.message;

/**
 * Why a worker does not hold the stages that it was asked to hold.
 *
 * @param reason what kind of reason it is, which says whether another try may help
 * @param cause one line, without the worker's name
 */
public record Refusal(Reason reason, String cause) {
    /** What kind of reason it is. */
    public enum Reason {
        /** It holds the stages of another run, and one day will not; or it is about to end, and others are not. */
        BUSY(true),
        /** It could not build them: no room, a damaged checkpoint, initial values that threw. */
        UNPLACED(false),
        /** It found no way to one of their neighbours. */
        UNCONNECTED(true);

        private final boolean resumable;

        Reason(boolean resumable) {
            this.resumable = resumable;
        }

        /** {@return whether the same run may well succeed later: see {@link RunFailure#resumable}} */
        public boolean resumable() {
            return resumable;
        }
    }
}
