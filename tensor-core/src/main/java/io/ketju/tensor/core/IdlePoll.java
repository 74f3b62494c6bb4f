package io.ketju.tensor.core;

/**
 * Something that idle compute workers look at for work that nobody submits to them: memory that another process writes, for
 * instance. They look as often as they can while they have nothing to do, so a look that finds nothing must be as cheap as
 * a read of memory. Several may call at once, and a call may still run when {@link TensorCore#removeIdlePoll} has returned.
 *
 * <p>Workers do not look for ever. {@link #unattended} says that from now on whoever has something must wake somebody, and
 * {@link #attended} that this is no longer needed: while some worker looks, or all are at work, of whom the first to end
 * looks. After {@code unattended} the poll is called once more, so that what came in between is not overlooked.
 */
public interface IdlePoll {
    /**
     * Takes up what is there, and submits it.
     *
     * @return false if there was nothing
     */
    boolean poll();

    /** Somebody looks, or will when its work ends. May be called without need; never while it is wrong. */
    void attended();

    /** Nobody looks, and workers sleep. May be called without need. */
    void unattended();
}
