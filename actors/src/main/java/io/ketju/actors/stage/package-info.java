/** One stage as an actor: a thin shell around {@code pipeline}'s stage machine, and the links to its neighbours. */
@NullMarked
package io.ketju.actors.stage;

import org.jspecify.annotations.NullMarked;
