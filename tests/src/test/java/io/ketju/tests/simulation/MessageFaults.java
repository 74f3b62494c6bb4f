package io.ketju.tests.simulation;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.StageCommand;
import java.util.List;

/** What comes of a message where a bug is planted. */
final class MessageFaults {
    private static final int SELDOM = 30;

    private final World world;

    MessageFaults(World world) {
        this.world = world;
    }

    /** What the receiver gets in place of a message: mostly that. */
    List<Object> of(Object message) {
        return switch (message) {
            case StageCommand.GrantWindow grant
            when world.has(Bug.WINDOW_GRANTED_TWICE) && seldom() -> List.of(message, message);
            case CoordinatorCommand.WindowFinished finished when world.has(Bug.REPORT_LOST) && seldom() -> List.of();
            case FeederCommand.FeedWindow feed
            when world.has(Bug.WRONG_BATCH) && seldom() -> List.of(new FeederCommand.FeedWindow(other(feed.window())));
            default -> List.of(message);
        };
    }

    private boolean seldom() {
        return world.delay(SELDOM) == 0;
    }

    /** Of the same epoch, with as many samples. */
    private static GrantedWindow other(GrantedWindow window) {
        return new GrantedWindow(window.window(), window.batch() + 2);
    }
}
