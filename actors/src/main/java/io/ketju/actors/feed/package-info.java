/** Sends samples to the first stage and targets to the last. */
@NullMarked
package io.ketju.actors.feed;

import org.jspecify.annotations.NullMarked;
