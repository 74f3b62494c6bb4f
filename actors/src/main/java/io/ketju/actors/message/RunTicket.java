package io.ketju.actors.message;

/**
 * What every message and frame of one start of one run carries.
 *
 * @param job random-looking number of the run, from its directory or its start
 * @param configHash hash over everything that both ends of a connection must agree on
 * @param incarnation the fencing number: raised, and made durable, before anything of a new start exists
 */
public record RunTicket(long job, long configHash, int incarnation) {}
