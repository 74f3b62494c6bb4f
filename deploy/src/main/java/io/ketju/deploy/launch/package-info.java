/**
 * Processes and their ends: worker JVMs of one machine, Ctrl-C, the log file.
 *
 * <p>The path of a worker: {@code LocalWorkers} starts a JVM with this one's flags and holds its standard input open; there {@code
 * ParentWatch} waits for that input to end, and ends the worker with its parent; {@code PrintedTail} keeps the last it
 * printed, for the message should it die; {@code WorkerEnd} ends it. {@code StopOnSignal} turns Ctrl-C into a wish to stop; {@code DefaultSignals} has another
 * signal end the process. {@code LogFile} takes what
 * libraries log, by way of {@code LogConfiguration}, to a {@code RollingFile}.
 * {@code RunRequest} asks something of a run that another process directs, which takes it at its {@code RequestDesk}.
 */
@NullMarked
package io.ketju.deploy.launch;

import org.jspecify.annotations.NullMarked;
