import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Prints for each suite of the command line whether this Java would offer it: "name offered|refused|unknown". */
public class Suites {
    public static void main(String[] names) throws Exception {
        SSLContext context = SSLContext.getDefault();
        for (String name : names) System.out.println(name + " " + hello(context, name));
    }

    /** A suite that the security properties disable never gets into the hello: with it alone there is nothing to send. */
    private static String hello(SSLContext context, String name) {
        try {
            SSLEngine engine = context.createSSLEngine("localhost", 1);
            engine.setUseClientMode(true);
            String protocol = name.contains("_WITH_") ? "TLSv1.2" : "TLSv1.3";
            engine.setSSLParameters(new SSLParameters(new String[] {name}, new String[] {protocol}));
            engine.beginHandshake();
            engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
            return "offered";
        } catch (SSLException refused) {
            return "refused";
        } catch (IllegalArgumentException unheardOf) {
            return "unknown";
        }
    }
}
