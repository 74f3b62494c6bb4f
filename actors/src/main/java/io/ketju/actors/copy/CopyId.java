package io.ketju.actors.copy;

/**
 * What a copy is of.
 *
 * @param job of the run's ticket
 * @param incarnation the start of the run that took it: copies of an older one are of no use
 * @param stage that is copied, from 0
 * @param step after which it was copied, from 1
 */
public record CopyId(long job, int incarnation, int stage, long step) {}
