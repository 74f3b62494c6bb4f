package io.ketju.report.picture;

import io.ketju.pipeline.schedule.Action;
import io.ketju.plot.Colours;
import io.ketju.plot.Picture;
import io.ketju.records.timeline.Timeline;
import io.ketju.records.timeline.Timeline.Block;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.EnumMap;
import java.util.Map;

/** A timeline on any canvas: a row for each rank, a block for each action, what is idle left free. */
record TimelinePicture(Timeline timeline) implements Picture {
    private static final int ROW = 34;
    private static final int BLOCK = 26;
    private static final int LEFT = 70;
    private static final int TOP = 56;
    private static final int WIDTH = 1100;
    private static final int MARGIN = 16;
    private static final int KEY = 50;
    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 14);

    @Override
    public int width() {
        return LEFT + WIDTH + MARGIN;
    }

    @Override
    public int height() {
        return TOP + timeline.rows().size() * ROW + 2 * MARGIN + BLOCK;
    }

    @Override
    public void paint(Graphics2D graphics) {
        text(graphics, BOLD, Color.BLACK, timeline.title() + ", in " + timeline.unit(), MARGIN, 24);
        Map<Action.Kind, Color> colours = new EnumMap<>(Action.Kind.class);
        for (int rank = 0; rank < timeline.rows().size(); rank++) {
            int y = TOP + rank * ROW;
            text(graphics, PLAIN, Color.BLACK, "rank " + rank, MARGIN, y + BLOCK - 8);
            for (Block block : timeline.rows().get(rank)) {
                Color colour = colours.computeIfAbsent(block.action().kind(), kind -> Colours.ofClass(colours.size()));
                paint(graphics, block, colour, y);
            }
        }
        int x = LEFT;
        for (Map.Entry<Action.Kind, Color> key : colours.entrySet()) {
            int y = TOP + timeline.rows().size() * ROW + MARGIN;
            graphics.setColor(key.getValue());
            graphics.fillRect(x, y, 14, 14);
            text(graphics, PLAIN, Color.BLACK, key.getKey().name(), x + 20, y + 11);
            x += KEY;
        }
    }

    private void paint(Graphics2D graphics, Block block, Color colour, int y) {
        double scale = timeline.end() == 0 ? 1 : WIDTH / timeline.end();
        double x = LEFT + block.start() * scale;
        double length = Math.max(0.5, (block.end() - block.start()) * scale);
        graphics.setColor(colour);
        graphics.fill(new Rectangle2D.Double(x, y, length, BLOCK));
        graphics.setColor(Color.WHITE);
        graphics.draw(new Rectangle2D.Double(x, y, length, BLOCK));
        String label = block.action().toString();
        int wide = graphics.getFontMetrics(PLAIN).stringWidth(label);
        if (wide + 2 <= length) {
            text(graphics, PLAIN, Color.WHITE, label, (int) (x + (length - wide) / 2), y + BLOCK - 9);
        }
    }

    private static void text(Graphics2D graphics, Font font, Color colour, String text, int x, int y) {
        graphics.setFont(font);
        graphics.setColor(colour);
        graphics.drawString(text, x, y);
    }
}
