package dev.sluice.admin.console;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.fileupload.UploadContext;

/** A request's body, as the multipart parser wants to see it. */
record MultipartBody(HttpServletRequest request) implements UploadContext {

    @Override
    public String getCharacterEncoding() {
        String encoding = request.getCharacterEncoding();
        // What browsers send in the headers of a part.
        return encoding == null ? "UTF-8" : encoding;
    }

    @Override
    public String getContentType() {
        return request.getContentType();
    }

    @Override
    @Deprecated
    public int getContentLength() {
        return request.getContentLength();
    }

    @Override
    public long contentLength() {
        return request.getContentLengthLong();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return request.getInputStream();
    }
}
