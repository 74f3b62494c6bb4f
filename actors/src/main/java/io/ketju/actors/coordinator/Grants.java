package io.ketju.actors.coordinator;

import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.StageCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Windows that are granted and not sent yet: they go together, as far as they fit a message. */
final class Grants {
    /** Micro-batches of windows that share a message: where no two are alike, each takes some 10 bytes for each of its tensors. */
    static final int MOST_MICROBATCHES = 1_000;

    private final int incarnation;
    private final List<StageCommand.GrantWindow> toRanks = new ArrayList<>();
    private final List<GrantedWindow> toFeeder = new ArrayList<>();

    /** @param incarnation of the start that all of them are of */
    Grants(int incarnation) {
        this.incarnation = incarnation;
    }

    void add(StageCommand.GrantWindow toRank, GrantedWindow granted) {
        toRanks.add(toRank);
        toFeeder.add(granted);
    }

    /** Sends all of them, in order. */
    void send(Consumer<StageCommand> ranks, Consumer<FeederCommand> feeder) {
        int begin = 0;
        int microbatches = 0;
        for (int i = 0; i < toRanks.size(); i++) {
            int more = toRanks.get(i).window().microbatches();
            if (i > begin && microbatches + more > MOST_MICROBATCHES) {
                send(begin, i, ranks, feeder);
                begin = i;
                microbatches = 0;
            }
            microbatches += more;
        }
        send(begin, toRanks.size(), ranks, feeder);
        toRanks.clear();
        toFeeder.clear();
    }

    private void send(int begin, int end, Consumer<StageCommand> ranks, Consumer<FeederCommand> feeder) {
        if (end - begin == 1) {
            ranks.accept(toRanks.get(begin));
            feeder.accept(new FeederCommand.FeedWindow(toFeeder.get(begin)));
        } else if (end > begin) {
            ranks.accept(new StageCommand.GrantWindows(incarnation, toRanks.subList(begin, end)));
            feeder.accept(new FeederCommand.FeedWindows(toFeeder.subList(begin, end)));
        }
    }
}
