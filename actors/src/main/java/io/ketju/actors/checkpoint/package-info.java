/** Checkpoints: shards, the manifest whose rename commits them, and the run directory that keeps them. */
@NullMarked
package io.ketju.actors.checkpoint;

import org.jspecify.annotations.NullMarked;
