package io.ketju.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;

/** Pictures as files. A file that is there is replaced. */
public final class PictureFile {
    private PictureFile() {}

    /**
     * Writes a picture in the format that the file's name ends with, {@code .png} or {@code .svg}.
     *
     * @param file in a folder that is there; case does not count in the ending
     * @param picture drawn once
     * @throws IllegalArgumentException if the name ends otherwise
     * @throws PictureException if it cannot be drawn, for want of a font, or written
     */
    public static void write(Path file, Picture picture) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".png") && !name.endsWith(".svg")) {
            throw new IllegalArgumentException(file + ": expected a name that ends with .png or .svg");
        }
        try {
            if (name.endsWith(".png")) {
                png(file, picture);
            } else {
                svg(file, picture);
            }
        } catch (IOException e) {
            throw new PictureException(file + ": the picture cannot be written: " + e.getMessage(), e);
        } catch (LinkageError | InternalError e) {
            throw new PictureException(
                    "pictures need the libraries for fonts and a font, found none that the JDK can use ("
                            + e.getMessage() + "); install them (apt-get install fontconfig fonts-dejavu-core)",
                    e);
        }
    }

    private static void png(Path file, Picture picture) throws IOException {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            draw(graphics, picture);
        } finally {
            graphics.dispose();
        }
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("no writer of PNG");
        }
    }

    private static void svg(Path file, Picture picture) throws IOException {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setComment(" Ketju ");
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        graphics.setSVGCanvasSize(new java.awt.Dimension(picture.width(), picture.height()));
        try {
            draw(graphics, picture);
            try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                graphics.stream(out, true);
            }
        } finally {
            graphics.dispose();
        }
    }

    private static Document document() throws IOException {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument("http://www.w3.org/2000/svg", "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IOException("no XML document", e);
        }
    }

    private static void draw(Graphics2D graphics, Picture picture) {
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.width(), picture.height());
        picture.paint(graphics);
    }
}
