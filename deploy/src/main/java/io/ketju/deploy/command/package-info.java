/**
 * The commands of {@code ketju}, one file each, thin: they read options, call {@code config}, {@code display}, {@code
 * launch} and the actors' doorway, and turn what happened into an exit code. Start reading at {@code KetjuCommand}.
 */
@NullMarked
package io.ketju.deploy.command;

import org.jspecify.annotations.NullMarked;
