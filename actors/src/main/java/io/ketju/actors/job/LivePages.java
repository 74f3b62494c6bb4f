package io.ketju.actors.job;

/**
 * Pages that show runs while they go on, of a module that a program may have or not: found by {@link java.util.ServiceLoader}, so
 * that whoever starts runs depends on none.
 */
public interface LivePages {
    /**
     * Opens one on loopback.
     *
     * @param port 0 for any that is free
     * @return shows nothing before a run has it as a listener; the caller closes it
     * @throws InvalidJobException in one line if the port cannot be had
     */
    LivePage open(int port);
}
