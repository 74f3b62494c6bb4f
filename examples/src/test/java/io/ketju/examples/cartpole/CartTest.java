package io.ketju.examples.cartpole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The cart moves as Gym's CartPole-v1 does, whose formulas, evaluated in Python, gave the numbers here. */
class CartTest {
    /** Of float32, in which states are told. */
    private static final double TOLERANCE = 1e-6;

    private static final double LEAN = 12 * Math.PI / 180;

    @Test
    void itMovesAsGyms() {
        Cart cart = new Cart(0.1, -0.2, 0.05, 0.3);
        cart.push(1);
        requireState(cart, 0.096, -0.005625065781779709, 0.056, 0.02349585151852651);
        for (int action : new int[] {1, 0, 1, 0, 0}) {
            cart.push(action);
        }
        requireState(cart, 0.1030839687182171, -0.20449494541706414, 0.05012174023421527, 0.39925073102827696);
        assertThat(cart.steps()).isEqualTo(6);
    }

    private static void requireState(Cart cart, double place, double speed, double angle, double turning) {
        double[] expected = {place / 2.4, speed / 2, angle / LEAN, turning / 2};
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) cart.state()[i]).as("number %d", i).isCloseTo(expected[i], within(TOLERANCE));
        }
    }

    @Test
    void anEpisodeEndsWhereGymsDoes() {
        assertThat(steps(new Cart(0, 0, 0, 0), 1, 1)).isEqualTo(9);
        assertThat(steps(new Cart(0.02, 0.01, 0.03, -0.02), 0, 1)).isEqualTo(26);
    }

    private static int steps(Cart cart, int even, int odd) {
        while (!cart.ended()) {
            cart.push(cart.steps() % 2 == 0 ? even : odd);
        }
        return cart.steps();
    }
}
