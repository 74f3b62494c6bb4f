package io.ketju.examples.cartpole;

import io.ketju.tensor.random.CounterRandom;

/**
 * A cart on a track with a pole that falls, pushed left or right fifty times a second (Barto, Sutton and Anderson 1983,
 * appendix; without friction). An episode ends when the pole leans by more than 12 degrees, the cart leaves the track, or after
 * {@value #LONGEST} steps; every step gives a reward of 1.
 */
final class Cart {
    static final int LONGEST = 500;
    static final int STATES = 4;

    private static final double GRAVITY = 9.8;
    private static final double MASS_OF_CART = 1.0;
    private static final double MASS_OF_POLE = 0.1;
    private static final double HALF_LENGTH = 0.5;
    private static final double FORCE = 10;
    private static final double STEP_SECONDS = 0.02;
    private static final double TRACK = 2.4;
    private static final double MOST_LEAN = 12 * Math.PI / 180;

    private double place;
    private double speed;
    private double angle;
    private double turning;
    private int steps;

    /** Starts near the middle, nearly upright: four numbers within 0.05 of 0. */
    Cart(CounterRandom random, long episode) {
        place = near(random, 4 * episode);
        speed = near(random, 4 * episode + 1);
        angle = near(random, 4 * episode + 2);
        turning = near(random, 4 * episode + 3);
    }

    /** At a place of one's own: metres, metres per second, radians from upright, radians per second. */
    Cart(double place, double speed, double angle, double turning) {
        this.place = place;
        this.speed = speed;
        this.angle = angle;
        this.turning = turning;
    }

    private static double near(CounterRandom random, long index) {
        return 0.1 * random.uniform(index) - 0.05;
    }

    /** Pushes for one step, by Euler's method: 0 to the left, 1 to the right. */
    void push(int action) {
        double force = action == 1 ? FORCE : -FORCE;
        double mass = MASS_OF_CART + MASS_OF_POLE;
        double sine = StrictMath.sin(angle);
        double cosine = StrictMath.cos(angle);
        double push = (force + MASS_OF_POLE * HALF_LENGTH * turning * turning * sine) / mass;
        double turn =
                (GRAVITY * sine - cosine * push) / (HALF_LENGTH * (4.0 / 3 - MASS_OF_POLE * cosine * cosine / mass));
        double pull = push - MASS_OF_POLE * HALF_LENGTH * turn * cosine / mass;
        place += STEP_SECONDS * speed;
        speed += STEP_SECONDS * pull;
        angle += STEP_SECONDS * turning;
        turning += STEP_SECONDS * turn;
        steps++;
    }

    boolean ended() {
        return steps == LONGEST || Math.abs(place) > TRACK || Math.abs(angle) > MOST_LEAN;
    }

    /** Rewards so far. */
    int steps() {
        return steps;
    }

    /** Place, speed, angle and turning, each of the order of 1. */
    float[] state() {
        return new float[] {
            (float) (place / TRACK), (float) (speed / 2), (float) (angle / MOST_LEAN), (float) (turning / 2)
        };
    }
}
