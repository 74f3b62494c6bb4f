/**
 * When everything of a traced run happened, from the ranks of one worker into a file, and back from the files of all workers:
 * {@link io.ketju.actors.trace.HostedTrace} gathers and writes, {@link io.ketju.actors.trace.TraceFile} is the format.
 */
@NullMarked
package io.ketju.actors.trace;

import org.jspecify.annotations.NullMarked;
