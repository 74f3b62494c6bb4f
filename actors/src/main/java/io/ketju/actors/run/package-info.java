/** Starting and ending a run: the actor system around coordinator, workers and feeder, and what is left afterwards. */
@NullMarked
package io.ketju.actors.run;

import org.jspecify.annotations.NullMarked;
