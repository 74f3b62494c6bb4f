/** One stage: the pure state machine and its compute, and the runner that drives all stages on one thread. */
@NullMarked
package io.ketju.pipeline.stage;

import org.jspecify.annotations.NullMarked;
