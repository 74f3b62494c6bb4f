package io.ketju.tests.simulation;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
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
        if (isGrant(message) && planted(Bug.WINDOW_GRANTED_TWICE)) {
            return List.of(message, message);
        }
        if (isFinish(message) && planted(Bug.REPORT_LOST)) {
            return List.of();
        }
        if (message instanceof FeederCommand.FeedWindow feed && planted(Bug.WRONG_BATCH)) {
            return List.of(new FeederCommand.FeedWindow(other(feed.window())));
        }
        if (message instanceof FeederCommand.FeedWindows feed && planted(Bug.WRONG_BATCH)) {
            return List.of(new FeederCommand.FeedWindows(
                    feed.windows().stream().map(MessageFaults::other).toList()));
        }
        if (message instanceof WorkerCommand.SendCopies ask && world.has(Bug.COPIES_OF_ANOTHER_START_ASKED)) {
            return List.of(new WorkerCommand.SendCopies(
                    ask.next(), ask.incarnation() - 1, ask.step(), ask.stages(), ask.folder()));
        }
        return List.of(message);
    }

    private static boolean isGrant(Object message) {
        return message instanceof StageCommand.GrantWindow || message instanceof StageCommand.GrantWindows;
    }

    private static boolean isFinish(Object message) {
        return message instanceof CoordinatorCommand.WindowFinished
                || message instanceof CoordinatorCommand.WindowsFinished;
    }

    private boolean planted(Bug bug) {
        return world.has(bug) && seldom();
    }

    private boolean seldom() {
        return world.delay(SELDOM) == 0;
    }

    /** Of the next epoch, with as many samples. */
    private static GrantedWindow other(GrantedWindow window) {
        return new GrantedWindow(window.window(), window.batch() + 3);
    }
}
