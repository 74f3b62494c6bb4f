/**
 * A pole on a cart, balanced by a network that nobody shows how: REINFORCE with a baseline. Start with {@link
 * io.ketju.examples.cartpole.CartPole}; the physics is {@code Cart}, what is minimised {@code PolicyGradientLoss}, one update
 * {@code Learner}.
 */
@NullMarked
package io.ketju.examples.cartpole;

import org.jspecify.annotations.NullMarked;
