/**
 * Processes and their ends: worker JVMs of one machine, Ctrl-C, the log file. Start reading at {@code LocalWorkers}.
 */
@NullMarked
package io.ketju.deploy.launch;

import org.jspecify.annotations.NullMarked;
