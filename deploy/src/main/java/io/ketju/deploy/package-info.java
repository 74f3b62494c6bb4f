/**
 * The composition root: {@code main} and what every command shares. Start reading at {@link io.ketju.deploy.Main}, then
 * {@code command.TrainCommand}. Everything below knows this package's sub-packages and the modules under them; nothing
 * knows it.
 */
@NullMarked
package io.ketju.deploy;

import org.jspecify.annotations.NullMarked;
